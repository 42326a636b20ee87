import { atNewYork, sessionOn } from '#domain/market/calendar';
import { type ExerciseStyle, isAdjusted, parseOccSymbol, type Right } from '#domain/market/instrument';
import { type Instant, type IsoDate, isoDate } from '#domain/units';
import { isDate, type Json, listOf, numberOf, objectOf, textOf } from '../../brokers/alpaca/fields.ts';
import type { Gateway } from '../../brokers/alpaca/gateway.ts';
import { pages } from './pages.ts';

/** What the contracts endpoint knows and the snapshots do not. */
export interface ListedContract {
  readonly symbol: string;
  readonly root: string;
  readonly right: Right;
  readonly strike: number;
  readonly expiration: IsoDate;
  readonly multiplier: number;
  readonly style: ExerciseStyle;
  readonly pennyProgram: boolean;
  readonly openInterest: number;
}

/** All contracts of one root and expiration, strikes ascending. */
export interface ListedExpiration {
  readonly root: string;
  readonly expiration: IsoDate;
  readonly expiresAt: Instant;
  readonly multiplier: number;
  readonly style: ExerciseStyle;
  readonly pennyProgram: boolean;
  readonly strikes: Float64Array;
  readonly calls: readonly (ListedContract | null)[];
  readonly puts: readonly (ListedContract | null)[];
}

const PAGE = 10_000;

/** Every active contract of an underlying that expires in the window; bounds are always sent, the default hides most of them. */
export async function fetchContracts(
  gateway: Gateway,
  underlying: string,
  from: IsoDate,
  to: IsoDate,
): Promise<readonly ListedExpiration[]> {
  const contracts: ListedContract[] = [];
  const nextPage = pages('option contracts');
  let pageToken: string | null = null;
  do {
    const token: string | null = pageToken;
    const body = objectOf(
      await gateway.call('market', (api) =>
        api.trading.assets.getOptionsContractsRaw({
          underlyingSymbols: underlying,
          status: 'active',
          expirationDateGte: new Date(from),
          expirationDateLte: new Date(to),
          limit: PAGE,
          ...(token === null ? {} : { pageToken: token }),
        }),
      ),
      'option contracts',
    );
    for (const item of listOf(body['option_contracts'], 'option_contracts')) {
      const contract = contractOf(item);
      if (contract) contracts.push(contract);
    }
    pageToken = nextPage(textOf(body, 'next_page_token') || textOf(body, 'page_token'));
  } while (pageToken !== null);
  return grouped(underlying, contracts);
}

/**
 * null for a symbol that is not in OSI form, for a contract that cannot be traded now, and for a contract whose strike, expiration or size is not what its symbol says or
 * cannot be read: left out rather than guessed.
 */
function contractOf(value: unknown): ListedContract | null {
  const json = objectOf(value, 'option contract');
  const symbol = textOf(json, 'symbol');
  const parts = parseOccSymbol(symbol);
  if (!parts || json['tradable'] === false) return null;
  const expiration = textOf(json, 'expiration_date');
  const strike = readable(json, 'strike_price', parts.strike);
  const multiplier = readable(json, 'multiplier', readable(json, 'size', 100));
  if (strike === null || Math.abs(strike - parts.strike) > 0.0005 || multiplier === null || multiplier <= 0) return null;
  if (expiration !== '' && !isDate(expiration)) return null;
  return {
    symbol,
    root: parts.root,
    right: parts.right,
    strike,
    expiration: expiration === '' ? parts.expiration : isoDate(expiration),
    multiplier,
    style: textOf(json, 'style') === 'european' ? 'european' : 'american',
    pennyProgram: json['ppind'] === true,
    openInterest: Math.max(0, readable(json, 'open_interest', 0) ?? 0),
  };
}

/** A contract's number; `absent` where it is not told, null where it cannot be read. */
function readable(json: Json, field: string, absent: number | null): number | null {
  try {
    return numberOf(json, field, 'option contract') ?? absent;
  } catch {
    return null;
  }
}

/** By expiration; an underlying's standard series before its adjusted ones. */
function grouped(underlying: string, contracts: readonly ListedContract[]): readonly ListedExpiration[] {
  const groups = new Map<string, ListedContract[]>();
  for (const contract of contracts) {
    const { expiration, root, multiplier } = contract;
    const key = `${expiration}:${isAdjusted({ root, underlying }) ? 'adjusted' : ''}:${root}:${multiplier}`;
    const group = groups.get(key);
    if (group) group.push(contract);
    else groups.set(key, [contract]);
  }
  return [...groups.keys()].sort().flatMap((key) => {
    const group = groups.get(key) ?? [];
    const first = group[0];
    return first ? [expirationOf(first, group)] : [];
  });
}

function expirationOf(first: ListedContract, group: readonly ListedContract[]): ListedExpiration {
  const strikes = Float64Array.from([...new Set(group.map((contract) => contract.strike))].sort((a, b) => a - b));
  const index = new Map([...strikes].map((strike, i) => [strike, i]));
  const calls: (ListedContract | null)[] = new Array<null>(strikes.length).fill(null);
  const puts: (ListedContract | null)[] = new Array<null>(strikes.length).fill(null);
  for (const contract of group) (contract.right === 'call' ? calls : puts)[index.get(contract.strike) ?? 0] = contract;
  const { root, expiration, multiplier, style, pennyProgram } = first;
  return {
    root,
    expiration,
    expiresAt: sessionOn(expiration)?.close ?? atNewYork(expiration, '16:00'),
    multiplier,
    style,
    pennyProgram,
    strikes,
    calls,
    puts,
  };
}
