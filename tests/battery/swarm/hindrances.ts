import { type Instant, instant } from '#domain/units';
import type { JournalRow } from '#ports/journal';
import type { SessionPlan } from './plan.ts';

interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** An intent that was worked: until its end, or the end of the record. */
export interface WorkedStretch extends Stretch {
  readonly positionId: string;
  readonly symbols: readonly string[];
}

/** When the engine could not see or not act, as the journal and the plan tell it. */
export interface Hindrances {
  /** A line was down, the switch halted, the program dead or asleep, or a look at the account failed in between. */
  within(from: number, until: number): boolean;
  /** The quotes of an underlying were spoilt or its market halted, by the plan. */
  unquoted(underlying: string, from: number, until: number): boolean;
  readonly works: readonly WorkedStretch[];
}

/** Reads both off the record. */
export function hindrancesOf(rows: readonly JournalRow[], plan: Pick<SessionPlan, 'exchangeFaults'>): Hindrances {
  const stretches = outages(rows);
  const spoilt = unquotedOf(plan);
  return {
    within: (from, until) => stretches.some((stretch) => overlaps(stretch, from, until)),
    unquoted: (underlying, from, until) =>
      spoilt.some((stretch) => underlying.startsWith(stretch.underlying) && overlaps(stretch, from, until)),
    works: worksOf(rows),
  };
}

/** When the plan spoils the quotes of an underlying ('' for every one) or halts its market. */
export function unquotedOf({ exchangeFaults }: Pick<SessionPlan, 'exchangeFaults'>) {
  return exchangeFaults
    .filter(({ kind }) => kind === 'crossedQuotes' || kind === 'missingQuotes' || kind === 'staleQuotes' || kind === 'halt')
    .map(({ kind, subject, from, until }) => ({
      underlying: subject ?? '',
      from: instant(from ?? 0),
      // A pause of trading that has begun lasts five minutes whatever its rule says meanwhile.
      until: instant((until ?? Number.MAX_SAFE_INTEGER - 300_000) + (kind === 'halt' ? 300_000 : 0)),
    }));
}

function overlaps(stretch: Stretch, from: number, until: number): boolean {
  return stretch.from <= until && stretch.until >= from;
}

function outages(rows: readonly JournalRow[]): Stretch[] {
  const stretches: Stretch[] = [];
  const down = new Map<string, Instant>();
  const begins = (what: string, at: Instant): void => {
    if (!down.has(what)) down.set(what, at);
  };
  const ends = (what: string, at: Instant): void => {
    const from = down.get(what);
    if (from !== undefined) stretches.push({ from, until: at });
    down.delete(what);
  };
  let before: Instant | null = null;
  for (const { at, fact } of rows) {
    // Dead, since its last row at the earliest: what it was about to write or to tell died with it.
    if (fact.kind === 'SessionStarted') stretches.push({ from: before ?? at, until: at });
    before = at;
    if (fact.kind === 'ConnectionChanged') {
      if (fact.change.state === 'connected') ends(fact.change.channel, at);
      else begins(fact.change.channel, at);
      stretches.push({ from: at, until: at });
    }
    if (fact.kind === 'KillStateChanged') {
      if (fact.to === 'HALTED') begins('switch', at);
      else ends('switch', at);
    }
    if (fact.kind === 'FaultRecorded' && fact.where === 'account snapshot') stretches.push({ from: at, until: at });
    if (fact.kind === 'ClockJumped') stretches.push({ from: Math.min(fact.from, fact.to), until: at });
  }
  for (const from of down.values()) stretches.push({ from, until: Infinity });
  return stretches;
}

function worksOf(rows: readonly JournalRow[]): WorkedStretch[] {
  const works = new Map<string, { from: number; until: number; positionId: string; symbols: string[] }>();
  for (const { at, fact } of rows) {
    if (fact.kind === 'OrderIntended') {
      const { intentId, legs } = fact.request;
      const known = works.get(intentId);
      const symbols = legs.map(({ symbol }) => symbol);
      if (known) known.symbols.push(...symbols);
      else works.set(intentId, { from: at, until: Infinity, positionId: fact.positionId, symbols });
    }
    if (fact.kind === 'OrderWorkEnded') {
      const work = works.get(fact.intentId);
      if (work) work.until = at;
    }
  }
  return [...works.values()];
}
