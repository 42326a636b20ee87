import { addDays, atNewYork, civilDate } from '#domain/market/calendar';
import { civilOf } from '#domain/market/civil';
import { newYorkOffsetMs } from '#domain/market/newYorkClock';
import { type Cents, type Instant, type IsoDate, type Price, plusMs } from '#domain/units';
import type { ExchangeActivity } from '../exchangeApi.ts';
import type { FaultDesk } from '../faults.ts';
import { hashText, mix32, seededUuid } from '../hashing.ts';

const DAY_MS = 86_400_000;
/** New York's time of day at which a night's activities appear. */
const MORNING = '04:00';

export interface ActivityDraft {
  readonly code: ExchangeActivity['code'];
  readonly symbol: string | null;
  readonly quantity: number;
  readonly price: Price | null;
  readonly netCash: Cents;
  readonly groupId: string | null;
  readonly orderId: string | null;
  readonly description: string;
}

/**
 * The account's activities, each with the moment from which it can be seen. As at Alpaca an id is that moment in New York and a
 * chance number: rows of one millisecond stand in any order, and one may be published after later ones.
 */
export class ActivityLog {
  private readonly entries: { readonly activity: ExchangeActivity; readonly visibleFrom: Instant }[] = [];
  private readonly seed: number;
  private readonly delay: 'none' | 'nextDay';
  private readonly faults: FaultDesk;

  constructor(seed: number, delay: 'none' | 'nextDay', faults: FaultDesk) {
    this.seed = mix32(seed, hashText('activities'));
    this.delay = delay;
    this.faults = faults;
  }

  /** Notes what happened; `delayed` ones obey the setting and may appear only the next morning. */
  note(occurredAt: Instant, date: IsoDate, draft: ActivityDraft, delayed: boolean): void {
    const at = delayed && this.delay === 'nextDay' ? atNewYork(addDays(civilDate(occurredAt), 1), MORNING) : occurredAt;
    // Noted, taken back, and noted anew: the broker's own mistake.
    if (draft.code !== 'FILL' && this.strikes('cancelledActivity', draft.code, occurredAt))
      this.publish({ ...draft, date, occurredAt, at, cancelled: true });
    this.publish({ ...draft, date, occurredAt, at, cancelled: false });
  }

  private publish(row: Omit<ExchangeActivity, 'id'>): void {
    const id = `${activityStamp(row.at)}::${seededUuid(this.seed, this.entries.length)}`;
    const late = this.strikes('lateActivity', row.code, row.occurredAt);
    this.entries.push({ activity: { ...row, id }, visibleFrom: late ? plusMs(row.at, late.delayMs) : row.at });
  }

  private strikes(kind: 'lateActivity' | 'cancelledActivity', code: string, at: Instant) {
    return this.faults.has(kind) ? this.faults.strike(kind, code, this.entries.length, at) : null;
  }

  /** Those visible at `now` after the cursor, oldest first. */
  visible(now: Instant, after: string | null): readonly ExchangeActivity[] {
    return this.entries
      .filter(({ activity, visibleFrom }) => visibleFrom <= now && (after === null || activity.id > after))
      .map(({ activity }) => activity)
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  /** All of them, hidden ones too: for audits. */
  all(): readonly ExchangeActivity[] {
    return this.entries.map(({ activity }) => activity);
  }
}

/** 'YYYYMMDDhhmmssmmm' of an instant in New York: every id of that moment and later ones is greater. */
export function activityStamp(at: Instant): string {
  const local = at + newYorkOffsetMs(at);
  const days = Math.floor(local / DAY_MS);
  const { year, month, day } = civilOf(days);
  const ms = local - days * DAY_MS;
  const part = (value: number, width: number) => String(Math.floor(value)).padStart(width, '0');
  return (
    part(year, 4) +
    part(month, 2) +
    part(day, 2) +
    part(ms / 3_600_000, 2) +
    part((ms / 60_000) % 60, 2) +
    part((ms / 1000) % 60, 2) +
    part(ms % 1000, 3)
  );
}
