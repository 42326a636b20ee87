import { addDays, atNewYork, civilDate } from '#domain/market/calendar';
import { civilOf } from '#domain/market/civil';
import type { Cents, Instant, IsoDate, Price } from '#domain/units';
import type { ExchangeActivity } from '../exchangeApi.ts';
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

/** The account's activities, each with the moment from which it can be seen. Ids ascend with that moment. */
export class ActivityLog {
  private readonly entries: ExchangeActivity[] = [];
  private readonly seed: number;
  private readonly delay: 'none' | 'nextDay';

  constructor(seed: number, delay: 'none' | 'nextDay') {
    this.seed = mix32(seed, hashText('activities'));
    this.delay = delay;
  }

  /** Notes what happened; `delayed` ones obey the setting and may appear only the next morning. */
  note(occurredAt: Instant, date: IsoDate, draft: ActivityDraft, delayed: boolean): void {
    const at = delayed && this.delay === 'nextDay' ? atNewYork(addDays(civilDate(occurredAt), 1), MORNING) : occurredAt;
    // The counter leads the uuid, so that ids of one millisecond ascend as they were noted and no cursor skips one.
    const counter = this.entries.length.toString(16).padStart(8, '0');
    const id = `${stamp(at)}::${counter}${seededUuid(this.seed, this.entries.length).slice(8)}`;
    this.entries.push({ ...draft, id, date, occurredAt, at });
  }

  /** Those visible at `now` after the cursor, oldest first. */
  visible(now: Instant, after: string | null): readonly ExchangeActivity[] {
    return this.entries
      .filter((entry) => entry.at <= now && (after === null || entry.id > after))
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  /** All of them, hidden ones too: for audits. */
  all(): readonly ExchangeActivity[] {
    return this.entries;
  }
}

/** 'YYYYMMDDhhmmssmmm' of an instant, UTC. */
function stamp(at: Instant): string {
  const days = Math.floor(at / DAY_MS);
  const { year, month, day } = civilOf(days);
  const ms = at - days * DAY_MS;
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
