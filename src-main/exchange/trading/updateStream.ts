import { type Instant, plusMs } from '#domain/units';
import type { Unsubscribe } from '#ports/broker';
import type { Agenda } from '../agenda.ts';
import type { FaultDesk } from '../faults.ts';
import type { OrderUpdate } from '../orders.ts';

/**
 * The boundary between what happened and what the client is told. Without faults every update is delivered at once; the fault
 * script may drop, repeat, delay or reorder it. What happened in the book is never changed here.
 */
export class UpdateStream {
  private readonly listeners = new Set<(update: OrderUpdate) => void>();
  private readonly faults: FaultDesk;
  private readonly agenda: Agenda;
  private readonly now: () => Instant;
  private heldBack: OrderUpdate[] = [];
  private sequence = 0;
  /** Updates handed to listeners so far: the clock stops when it grows. */
  delivered = 0;

  constructor(faults: FaultDesk, agenda: Agenda, now: () => Instant) {
    this.faults = faults;
    this.agenda = agenda;
    this.now = now;
  }

  listen(listener: (update: OrderUpdate) => void): Unsubscribe {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(draft: Omit<OrderUpdate, 'sequence'>): void {
    this.sequence += 1;
    const update: OrderUpdate = { ...draft, sequence: this.sequence };
    const { faults } = this;
    const subject = update.order.underlying;
    const now = this.now();
    if (faults.strike('dropUpdate', subject, this.sequence, now)) return;
    const delay = faults.strike('delayUpdate', subject, this.sequence, now);
    if (delay) {
      this.agenda.add(plusMs(now, delay.delayMs), () => this.deliver(update));
      return;
    }
    const reorder = faults.strike('reorderUpdate', subject, this.sequence, now);
    if (reorder) {
      this.heldBack.push(update);
      this.agenda.add(plusMs(now, reorder.delayMs), () => this.releaseHeldBack());
      return;
    }
    this.deliver(update);
    if (faults.strike('duplicateUpdate', subject, this.sequence, now)) this.deliver(update);
    this.releaseHeldBack();
  }

  private releaseHeldBack(): void {
    const waiting = this.heldBack;
    this.heldBack = [];
    for (const update of waiting) this.deliver(update);
  }

  private deliver(update: OrderUpdate): void {
    this.delivered += 1;
    for (const listener of this.listeners) listener(update);
  }
}
