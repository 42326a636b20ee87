import { civilDate, previousTradingDay, sessionOn } from '#domain/market/calendar';
import type { Quote } from '#domain/market/chain';
import { cents, type IsoDate, instant } from '#domain/units';
import type { AccountSnapshot } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
import { recordFault } from '../breakers/breakers.ts';
import { volatilityReadings } from '../scanner/scan.ts';
import type { Turn } from '../turn.ts';

/** The first snapshot of a session's day opens it: loss limits count from yesterday's close, however late the program starts. */
export function openDayIfNew(turn: Turn, snapshot: AccountSnapshot): void {
  const today = civilDate(turn.now);
  if (turn.state.day?.date === today || sessionOn(today) === null) return;
  turn.emit({ kind: 'DayOpened', date: today, ...closeBefore(turn, snapshot, today) });
}

/**
 * Yesterday's close: our own, which money moved since then has moved along; else the broker's word, with the transfers since then;
 * else, after days away and without that word, the higher of our last close and the account as it is, so that no loss is forgotten.
 */
function closeBefore(
  { state }: Turn,
  { account }: AccountSnapshot,
  today: IsoDate,
): Pick<Extract<JournalFact, { kind: 'DayOpened' }>, 'startEquity' | 'countedFrom'> {
  const { lastClose, transfers } = state;
  const yesterday = previousTradingDay(today);
  if (lastClose?.date === yesterday) return { startEquity: lastClose.equity, countedFrom: 'ownClose' };
  if (account.lastEquity !== null && account.lastEquity > 0) {
    const since = [...transfers].reduce((sum, [date, amount]) => (date > yesterday && date <= today ? sum + amount : sum), 0);
    return { startEquity: cents(account.lastEquity + since), countedFrom: 'brokerClose' };
  }
  if (lastClose && lastClose.equity > account.equity) return { startEquity: lastClose.equity, countedFrom: 'ownClose' };
  return { startEquity: account.equity, countedFrom: 'firstLook' };
}

/** The evening's closing is due and has not taken place. A later day begins from the broker's own last equity instead. */
export function isLeftOpen({ state, settings, now }: Turn): boolean {
  const { day } = state;
  const session = day && !day.closed && day.date === civilDate(now) ? sessionOn(day.date) : null;
  return session !== null && now >= session.close + settings.failsafe.dayCloseDelayMinutes * 60_000;
}

/**
 * Closes the day's books: volatility for the rank, repeated refusals, what was refused and would have made. Of the day's own looks
 * at the market: without one nothing is recorded of it.
 */
export function closeDay(turn: Turn): void {
  const { state, present } = turn;
  const day = state.day;
  if (!day || day.closed) return;
  const further = present.closingLook?.date === day.date ? present.closingLook.volatilities : null;
  const scan = scanOn(turn, day.date);
  for (const reading of scan ? volatilityReadings(scan.output.market) : []) {
    turn.emit({
      kind: 'DailyVolatilityRecorded',
      underlying: reading.underlying,
      date: day.date,
      close: reading.spot,
      iv30: reading.iv30,
      iv60: further?.get(reading.underlying)?.iv60 ?? null,
      iv90: further?.get(reading.underlying)?.iv90 ?? null,
    });
  }
  const repeats = present.refusals.tell(turn.now, true);
  if (repeats) turn.emit(repeats);
  markRefused(turn, day.date, scan);
  const equity = state.lastEquity?.equity ?? day.startEquity;
  turn.emit({
    kind: 'DayClosed',
    date: day.date,
    equity,
    cash: state.lastEquity?.cash ?? equity,
    realised: day.realised,
    orders: day.orders,
  });
  present.quotes.clear();
  present.shareQuotes.clear();
  present.closingLook = null;
}

type Look = NonNullable<Turn['present']['scan']>;

/** The last look at the market, when it is of this day: an older one says nothing of its close. */
function scanOn({ present: { scan } }: Turn, date: IsoDate): Look | null {
  return scan !== null && civilDate(scan.input.now) === date ? scan : null;
}

/** What was refused and would have made: by the day's own prices, or, told late, by the close of the day on which it expired. */
function markRefused(turn: Turn, today: IsoDate, scan: Look | null): void {
  const { counterfactuals, quotes, histories } = turn.present;
  const barsOf = (underlying: string) => histories.get(underlying)?.bars ?? [];
  const marks = counterfactuals.atClose({
    today,
    quoteOf: (symbol) => quotes.get(symbol) ?? (scan === null ? null : (indexOf(scan).get(symbol) ?? null)),
    closeOf: (underlying, date) =>
      date === today ? spotOf(scan, underlying) : (barsOf(underlying).find((bar) => bar.date === date)?.close ?? null),
  });
  for (const mark of marks) {
    turn.emit(mark);
    counterfactuals.marked(mark);
  }
  const lost = counterfactuals.giveUpBefore(today, (underlying) => barsOf(underlying).length > 0);
  if (lost === 0) return;
  const message = `${lost} refused proposals expired on a day whose closing price is not known: what they would have made is not told`;
  recordFault(turn, 'what was refused', 'low', { code: 'noClose', message, retryable: false });
}

const indices = new WeakMap<object, Map<string, Quote>>();

/** The contracts' quotes in a look at the market. */
function indexOf(scan: Look): Map<string, Quote> {
  const known = indices.get(scan);
  if (known) return known;
  const index = new Map<string, Quote>();
  for (const view of scan.output.market.underlyings) {
    for (const { slice } of view.expirations) {
      for (const side of [slice.calls, slice.puts]) {
        side.symbols.forEach((symbol, i) => {
          if (symbol !== '')
            index.set(symbol, {
              bid: side.bid[i] ?? Number.NaN,
              ask: side.ask[i] ?? Number.NaN,
              bidSize: side.bidSize[i] ?? 0,
              askSize: side.askSize[i] ?? 0,
              at: instant(side.quoteAt[i] ?? 0),
            });
        });
      }
    }
  }
  indices.set(scan, index);
  return index;
}

function spotOf(scan: Look | null, underlying: string): number | null {
  return scan?.output.market.underlyings.find((view) => view.underlying === underlying)?.spot ?? null;
}
