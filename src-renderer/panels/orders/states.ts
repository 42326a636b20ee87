import type { OrderStateName, OrderView } from '#contract/orders';
import type { Tone } from '../../components/Badge.tsx';

/** The states of an order in the owner's words. */
export const stateWords: Readonly<
  Record<OrderStateName, { readonly word: string; readonly means: string; readonly tone: Tone }>
> = {
  intended: { word: 'intended', means: 'Written in the journal, not yet on the wire', tone: 'plain' },
  pending: { word: 'sent', means: 'On the wire, not yet acknowledged', tone: 'accent' },
  working: { word: 'working', means: 'Resting at the broker', tone: 'accent' },
  partiallyFilled: { word: 'partly filled', means: 'Some units are filled, the rest works', tone: 'accent' },
  cancelPending: { word: 'cancelling', means: 'The cancel is on its way; a fill may still win', tone: 'warn' },
  filled: { word: 'filled', means: 'All units are filled', tone: 'good' },
  cancelled: { word: 'cancelled', means: 'Nothing rests any more', tone: 'plain' },
  expired: { word: 'expired', means: 'The day ended before it filled', tone: 'plain' },
  rejected: { word: 'rejected', means: 'The broker refused it', tone: 'bad' },
  inDoubt: {
    word: 'in doubt',
    means: 'It is not known whether it rests; proof is being sought and nothing is retried',
    tone: 'bad',
  },
};

const WORKING: ReadonlySet<OrderStateName> = new Set([
  'intended',
  'pending',
  'working',
  'partiallyFilled',
  'cancelPending',
  'inDoubt',
]);

export const isWorking = (order: OrderView): boolean => WORKING.has(order.state);
export const canCancel = (order: OrderView): boolean => isWorking(order) && order.state !== 'cancelPending';
export const keyOf = (order: OrderView): string => `${order.intentId}/${order.attempt}`;
