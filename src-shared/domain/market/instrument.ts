import { type IsoDate, invariant, isoDate, type Price } from '../units.ts';

/** 'call' or 'put'. */
export type Right = 'call' | 'put';
export type ExerciseStyle = 'american' | 'european';
/** How an exercised contract settles: shares change hands, or the cash difference does. */
export type Settlement = 'physical' | 'cash';

/** One listed option contract. `symbol` is the 21-character OSI/OCC key without padding, e.g. 'SPY260918P00550000'. */
export interface OptionContract {
  readonly symbol: string;
  readonly underlying: string;
  readonly root: string;
  readonly right: Right;
  readonly strike: Price;
  readonly expiration: IsoDate;
  readonly style: ExerciseStyle;
  readonly settlement: Settlement;
  /** Shares per contract; read from the contract, never assumed (adjusted contracts differ). */
  readonly multiplier: number;
  /** True when the class trades in the penny programme. */
  readonly pennyProgram: boolean;
}

export interface OccParts {
  readonly root: string;
  readonly expiration: IsoDate;
  readonly right: Right;
  readonly strike: Price;
}

/**
 * True for OCC's adjusted series of an underlying (after a spin-off, a merger, a special dividend): the root with a digit behind it,
 * 'XYZ1'. It does not deliver a hundred shares of the underlying alone, whatever its multiplier says, so that nothing of the
 * underlying's price speaks of its value. Weeklies ('SPXW') are not adjusted.
 */
export function isAdjusted({ root, underlying }: Pick<OptionContract, 'root' | 'underlying'>): boolean {
  return root !== underlying && /\d$/.test(root);
}

/** The underlying that a root by itself stands for: 'XYZ' of 'XYZ' and of the adjusted 'XYZ1'. */
export function underlyingOfRoot(root: string): string {
  return root.replace(/(?<=[A-Z])\d$/, '');
}

const OCC = /^([A-Z0-9]{1,6})(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

/** Parses an OCC symbol ('AAPL250117C00150000'); null when it is not one. Strike has three implied decimals (OSI). */
export function parseOccSymbol(symbol: string): OccParts | null {
  const match = OCC.exec(symbol);
  if (!match) return null;
  const [, root = '', yy = '', mm = '', dd = '', right, strike = ''] = match;
  if (Number(mm) < 1 || Number(mm) > 12 || Number(dd) < 1 || Number(dd) > 31) return null;
  return {
    root,
    expiration: isoDate(`20${yy}-${mm}-${dd}`),
    right: right === 'C' ? 'call' : 'put',
    strike: Number(strike) / 1000,
  };
}

/** Builds an OCC symbol from its parts; throws when the root or strike cannot be written in OSI form. */
export function occSymbol(parts: OccParts): string {
  const thousandths = Math.round(parts.strike * 1000);
  invariant(/^[A-Z0-9]{1,6}$/.test(parts.root), `not an option root: ${parts.root}`);
  invariant(thousandths > 0 && thousandths < 1e8, `strike out of OSI range: ${parts.strike}`);
  const [year = '', month, day] = parts.expiration.split('-');
  const right = parts.right === 'call' ? 'C' : 'P';
  return `${parts.root}${year.slice(2)}${month}${day}${right}${String(thousandths).padStart(8, '0')}`;
}

/** Minimum price increment of a single-leg order: $0.01 in the penny programme below $3 (or everywhere for the classes that have it), else $0.05 below $3 and $0.10 above. */
export function tickSize(contract: Pick<OptionContract, 'pennyProgram' | 'underlying'>, price: Price): Price {
  const alwaysPenny = contract.underlying === 'SPY' || contract.underlying === 'QQQ' || contract.underlying === 'IWM';
  if (contract.pennyProgram) return alwaysPenny || Math.abs(price) < 3 ? 0.01 : 0.05;
  return Math.abs(price) < 3 ? 0.05 : 0.1;
}

/** Rounds a price to its tick: 'down' and 'up' are along the number line, 'nearest' with halves up. */
export function roundToTick(price: Price, tick: Price, direction: 'down' | 'up' | 'nearest' = 'nearest'): Price {
  const steps = price / tick;
  const whole =
    direction === 'nearest' ? Math.round(steps) : direction === 'down' ? Math.floor(steps + 1e-9) : Math.ceil(steps - 1e-9);
  return Math.round(whole * tick * 1e6) / 1e6 || 0;
}
