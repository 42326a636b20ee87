import { civilDate, previousTradingDay, sessionOn } from '#domain/market/calendar';
import type { Quote } from '#domain/market/chain';
import { cents, type IsoDate, instant } from '#domain/units';
import type { AccountSnapshot } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
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

/** Closes the day's books: volatility for the rank, repeated refusals, what was refused and would have made. */
export function closeDay(turn: Turn): void {
  const { state, present } = turn;
  const day = state.day;
  if (!day || day.closed) return;
  const further = present.closingLook?.date === day.date ? present.closingLook.volatilities : null;
  for (const reading of present.scan ? volatilityReadings(present.scan.output.market) : []) {
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
  for (const mark of present.counterfactuals.atClose({
    today: day.date,
    quoteOf: (symbol) => present.quotes.get(symbol) ?? scanQuote(turn, symbol),
    closeOf: (underlying) => spotOf(turn, underlying),
  })) {
    turn.emit(mark);
    present.counterfactuals.marked(mark);
  }
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
  present.closingLook = null;
}

/** A contract's quote in the last look at the market. */
function scanQuote(turn: Turn, symbol: string): Quote | null {
  return turn.present.scan === null ? null : (indexOf(turn).get(symbol) ?? null);
}

const indices = new WeakMap<object, Map<string, Quote>>();

function indexOf(turn: Turn): Map<string, Quote> {
  const scan = turn.present.scan;
  if (!scan) return new Map();
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

function spotOf(turn: Turn, underlying: string): number | null {
  return turn.present.scan?.output.market.underlyings.find((view) => view.underlying === underlying)?.spot ?? null;
}
