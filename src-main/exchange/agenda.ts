import type { Instant } from '#domain/units';

interface Appointment {
  readonly at: Instant;
  readonly turn: number;
  readonly act: () => void;
}

/** Things to do at given times; those of one instant happen in the order in which they were entered. */
export class Agenda {
  private readonly appointments: Appointment[] = [];
  private turns = 0;

  add(at: Instant, act: () => void): void {
    this.turns += 1;
    const entry = { at, turn: this.turns, act };
    let place = this.appointments.length;
    while (place > 0 && this.appointments[place - 1]!.at > at) place -= 1;
    this.appointments.splice(place, 0, entry);
  }

  /** When the next one is due; +Infinity when there is none. */
  nextAt(): number {
    return this.appointments[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Does the first one due at or before `now`; false when there is none. */
  doNext(now: Instant): boolean {
    const first = this.appointments[0];
    if (!first || first.at > now) return false;
    this.appointments.shift();
    first.act();
    return true;
  }
}
