import { create } from 'zustand';
import type { OrderPreview } from '#contract/chain';
import type { ActOutcome } from '#contract/desk';
import { roundToTick } from '#domain/market/instrument';
import { desk, newCommandId, settled } from '../connection/current.ts';
import { act } from './act.ts';
import { addToLeg, flipped, type TicketLeg, withoutLeg } from './ticketLegs.ts';

/**
 * The owner's order before it is sent. One ticket has one command id: whatever presses there are, it acts once.
 * Any change of the ticket makes it another act.
 */
export interface Ticket {
  readonly legs: readonly TicketLeg[];
  readonly contracts: number;
  /** The owner's own limit per share, + credit; null follows the mid. */
  readonly chosenLimit: number | null;
  readonly note: string;
  readonly commandId: string;
  readonly phase: 'editing' | 'sending' | 'sent';
  readonly outcome: ActOutcome | null;
  /** A press went out and no answer came: it may have acted. */
  readonly unanswered: boolean;
  /** That press: the ticket as it was keeps its id, even when it was changed and changed back. */
  readonly lost: { readonly commandId: string; readonly order: string } | null;
  /** Figures of these very legs; null until there are any. */
  readonly preview: OrderPreview | null;
  /** The figures are of the size or limit before the last change. */
  readonly previewIsOld: boolean;
  readonly previewFailure: string | null;
}

const EMPTY: Omit<Ticket, 'commandId'> = {
  legs: [],
  contracts: 1,
  chosenLimit: null,
  note: '',
  phase: 'editing',
  outcome: null,
  unanswered: false,
  lost: null,
  preview: null,
  previewIsOld: false,
  previewFailure: null,
};

export const useTicket = create<Ticket>(() => ({ ...EMPTY, commandId: newCommandId() }));

const orderOf = ({ legs, contracts, chosenLimit, note }: Ticket) => JSON.stringify([legs, contracts, chosenLimit, note]);

function edit(change: Partial<Ticket>) {
  const ticket = useTicket.getState();
  if (ticket.phase === 'sending') return;
  const next = { ...ticket, ...change };
  const commandId = next.lost?.order === orderOf(next) ? next.lost.commandId : newCommandId();
  useTicket.setState({ ...change, commandId, phase: 'editing', outcome: null });
}

function editLegs(legs: readonly TicketLeg[]) {
  // The price and the figures of other legs are no measure of these.
  edit({ legs, chosenLimit: null, preview: null, previewIsOld: false, previewFailure: null });
  void refreshPreview();
}

/** A press on a bid sells, a press on an ask buys. A ticket that has been sent starts anew. */
export function pressQuote(symbol: string, side: 'bid' | 'ask'): void {
  const { legs, phase } = useTicket.getState();
  editLegs(addToLeg(phase === 'sent' ? [] : legs, symbol, side === 'ask' ? 1 : -1));
}

export const changeRatio = (symbol: string, by: number) => editLegs(addToLeg(useTicket.getState().legs, symbol, by));
export const removeLeg = (symbol: string) => editLegs(withoutLeg(useTicket.getState().legs, symbol));
export const flipTicket = () => editLegs(flipped(useTicket.getState().legs));
export const clearTicket = () => edit({ ...EMPTY });
export const setNote = (note: string) => edit({ note });

/** The number that is in force already changes nothing. */
export function setContracts(contracts: number): void {
  if (contracts === useTicket.getState().contracts) return;
  edit({ contracts, previewIsOld: true });
  void refreshPreview();
}

/** A number, the mid's too, pins the limit; null follows the mid. */
export function setLimit(chosenLimit: number | null): void {
  if (chosenLimit !== null && chosenLimit === useTicket.getState().chosenLimit) return;
  edit({ chosenLimit, previewIsOld: true });
  void refreshPreview();
}

/** The limit that a press of Send would carry: the owner's, else the mid on its tick; null while the mid is unknown. */
export function limitOf(ticket: Pick<Ticket, 'chosenLimit' | 'preview'>): number | null {
  if (ticket.chosenLimit !== null) return ticket.chosenLimit;
  const mid = ticket.preview?.midCredit ?? null;
  return mid === null || !ticket.preview ? null : roundToTick(mid, ticket.preview.tick);
}

let lastAsked = 0;
let isAsking = false;

/** Asks the engine for the figures of the ticket as it is; answers to older questions, or about other legs, are dropped. */
export async function refreshPreview(): Promise<void> {
  const { legs, contracts, chosenLimit } = useTicket.getState();
  lastAsked += 1;
  const asked = lastAsked;
  isAsking = legs.length > 0;
  if (!isAsking) return;
  const result = await settled(desk.query('order.preview', { legs: [...legs], contracts, netLimit: chosenLimit }));
  if (asked !== lastAsked) return;
  isAsking = false;
  if (useTicket.getState().legs !== legs) return;
  if (result.ok) useTicket.setState({ preview: result.answer, previewIsOld: false, previewFailure: null });
  else useTicket.setState({ previewFailure: result.failure.message });
}

/** The figures again as the market moved, unless an answer is still awaited: asking anew would drop it. */
export async function keepPreviewFresh(): Promise<void> {
  if (!isAsking) await refreshPreview();
}

/** Sends the ticket once. Without an answer the same act may be pressed again; after an answer the ticket is closed. */
export async function sendTicket(): Promise<void> {
  const ticket = useTicket.getState();
  const netLimit = limitOf(ticket);
  if (ticket.phase !== 'editing' || ticket.legs.length === 0 || ticket.preview === null || netLimit === null) return;
  // From here on the limit stands still: a repeated press of an unanswered act must carry the same numbers.
  useTicket.setState({ phase: 'sending', chosenLimit: netLimit });
  const { legs, contracts, note, commandId } = ticket;
  const outcome = await act('order.open', 'Order', { legs: [...legs], contracts, netLimit, note }, commandId);
  const lost = { commandId, order: orderOf({ ...ticket, chosenLimit: netLimit }) };
  if (!outcome) useTicket.setState({ phase: 'editing', unanswered: true, lost });
  else if (outcome.kind === 'done') useTicket.setState({ phase: 'sent', outcome, unanswered: false, lost: null });
  else {
    const { chosenLimit } = ticket;
    useTicket.setState({ phase: 'editing', outcome, unanswered: false, lost: null, chosenLimit, commandId: newCommandId() });
  }
}
