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
interface Ticket {
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
  readonly preview: OrderPreview | null;
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
  preview: null,
  previewFailure: null,
};

export const useTicket = create<Ticket>(() => ({ ...EMPTY, commandId: newCommandId() }));

function edit(change: Partial<Ticket>) {
  if (useTicket.getState().phase === 'sending') return;
  useTicket.setState({ ...change, commandId: newCommandId(), phase: 'editing', outcome: null });
}

function editLegs(legs: readonly TicketLeg[]) {
  edit({ legs, chosenLimit: null, preview: legs.length === 0 ? null : useTicket.getState().preview });
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

export function setContracts(contracts: number): void {
  edit({ contracts });
  void refreshPreview();
}

export function setLimit(chosenLimit: number | null): void {
  edit({ chosenLimit });
  void refreshPreview();
}

/** The limit that a press of Send would carry: the owner's, else the mid on its tick; null while the mid is unknown. */
export function limitOf(ticket: Pick<Ticket, 'chosenLimit' | 'preview'>): number | null {
  if (ticket.chosenLimit !== null) return ticket.chosenLimit;
  const mid = ticket.preview?.midCredit ?? null;
  return mid === null || !ticket.preview ? null : roundToTick(mid, ticket.preview.tick);
}

let lastAsked = 0;

/** Asks the engine for the figures of the ticket as it is; answers to older questions are dropped. */
export async function refreshPreview(): Promise<void> {
  const { legs, contracts, chosenLimit } = useTicket.getState();
  lastAsked += 1;
  const asked = lastAsked;
  if (legs.length === 0) return;
  const result = await settled(desk.query('order.preview', { legs: [...legs], contracts, netLimit: chosenLimit }));
  if (asked !== lastAsked) return;
  if (result.ok) useTicket.setState({ preview: result.answer, previewFailure: null });
  else useTicket.setState({ previewFailure: result.failure.message });
}

/** Sends the ticket once. Without an answer the same act may be pressed again; after an answer the ticket is closed. */
export async function sendTicket(): Promise<void> {
  const ticket = useTicket.getState();
  const netLimit = limitOf(ticket);
  if (ticket.phase !== 'editing' || ticket.legs.length === 0 || netLimit === null) return;
  // From here on the limit stands still: a repeated press of an unanswered act must carry the same numbers.
  useTicket.setState({ phase: 'sending', chosenLimit: netLimit });
  const { legs, contracts, note, commandId } = ticket;
  const outcome = await act('order.open', 'Order', { legs: [...legs], contracts, netLimit, note }, commandId);
  if (!outcome) useTicket.setState({ phase: 'editing', unanswered: true });
  else if (outcome.kind === 'done') useTicket.setState({ phase: 'sent', outcome, unanswered: false });
  else useTicket.setState({ phase: 'editing', outcome, unanswered: false, commandId: newCommandId() });
}
