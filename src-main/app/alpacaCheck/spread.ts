import { fieldOf, type Probe } from './probe.ts';

/** Two puts of one expiration, well below the market. */
export interface CheckedSpread {
  readonly short: string;
  readonly long: string;
}

const UNDERLYING = 'SPY';
const DAY_MS = 86_400_000;
/** Days to expiration that are looked through, and how far below the market the strikes are. */
const FROM_DAYS = 20;
const TO_DAYS = 50;
const BELOW = 0.9;

/** Finds the spread. Throws a sentence when the venue lists none. `today` is the venue's own date, YYYY-MM-DD. */
export async function findSpread(probe: Probe, today: string): Promise<CheckedSpread> {
  const quote = await probe.request('GET', `/v2/stocks/quotes/latest?symbols=${UNDERLYING}`);
  const price = Number(fieldOf(fieldOf(fieldOf(quote.body, 'quotes'), UNDERLYING), 'bp'));
  if (!(price > 0)) throw new Error(`${UNDERLYING} has no quote (status ${quote.status}).`);
  const bounds = `expiration_date_gte=${after(today, FROM_DAYS)}&expiration_date_lte=${after(today, TO_DAYS)}`;
  const strikes = `strike_price_gte=${(price * (BELOW - 0.05)).toFixed(0)}&strike_price_lte=${(price * BELOW).toFixed(0)}`;
  const listed = await probe.request(
    'GET',
    `/v2/options/contracts?underlying_symbols=${UNDERLYING}&status=active&type=put&limit=1000&${bounds}&${strikes}`,
  );
  const contracts = fieldOf(listed.body, 'option_contracts');
  const puts = (Array.isArray(contracts) ? contracts : []).map((contract: unknown) => ({
    symbol: String(fieldOf(contract, 'symbol')),
    expiration: String(fieldOf(contract, 'expiration_date')),
    strike: Number(fieldOf(contract, 'strike_price')),
  }));
  const first = puts.map(({ expiration }) => expiration).sort()[0];
  const ascending = puts.filter(({ expiration }) => expiration === first).sort((a, b) => a.strike - b.strike);
  const short = ascending.at(-1);
  const long = ascending.at(-2);
  if (!short || !long)
    throw new Error(`${UNDERLYING} lists no puts below ${(price * BELOW).toFixed(0)} (status ${listed.status}).`);
  return { short: short.symbol, long: long.symbol };
}

function after(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
