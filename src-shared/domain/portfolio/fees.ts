import { type Cents, cents, type Price } from '../units.ts';

/**
 * Fees that a commission-free US retail broker passes on. Every figure is data: the regulators change them about once a
 * year, so the defaults carry their source and the owner may set his own.
 */
export interface FeeSchedule {
  /** Options Regulatory Fee, dollars per contract, bought and sold. */
  readonly optionRegulatoryFeePerContract: number;
  /** OCC clearing fee, dollars per contract, bought and sold. */
  readonly occClearingFeePerContract: number;
  /** Most that OCC charges for one trade (one leg's execution), dollars. */
  readonly occClearingFeeCap: number;
  /** FINRA Trading Activity Fee on options sold, dollars per contract. */
  readonly finraTafPerContract: number;
  /** FINRA Trading Activity Fee on stock sold, dollars per share. */
  readonly finraTafPerShare: number;
  /** Most that FINRA's fee comes to on one stock trade, dollars. */
  readonly finraTafStockCap: number;
  /** SEC section 31 fee on what is sold, dollars per million dollars of proceeds. */
  readonly secFeePerMillion: number;
  /** Exchange and market fees that the broker passes on, dollars per contract (index products mostly). */
  readonly exchangeFeePerContract: number;
  /** The broker's own commission, dollars per contract. */
  readonly commissionPerContract: number;
}

/**
 * Defaults of 2026: ORF as passed on by retail brokers; OCC 0.025 with a cap of 55 (OCC fee schedule 2025); FINRA TAF
 * 0.00329 per contract and 0.000195 per share up to 9.79 (FINRA By-Laws, Schedule A, 2026); SEC section 31 at 20.60 per million
 * (SEC fee rate advisory for fiscal year 2026).
 */
export const DEFAULT_FEES: FeeSchedule = {
  optionRegulatoryFeePerContract: 0.02295,
  occClearingFeePerContract: 0.025,
  occClearingFeeCap: 55,
  finraTafPerContract: 0.00329,
  finraTafPerShare: 0.000195,
  finraTafStockCap: 9.79,
  secFeePerMillion: 20.6,
  exchangeFeePerContract: 0,
  commissionPerContract: 0,
};

/** No fees at all, as a paper account charges. */
export const NO_FEES: FeeSchedule = {
  optionRegulatoryFeePerContract: 0,
  occClearingFeePerContract: 0,
  occClearingFeeCap: 0,
  finraTafPerContract: 0,
  finraTafPerShare: 0,
  finraTafStockCap: 0,
  secFeePerMillion: 0,
  exchangeFeePerContract: 0,
  commissionPerContract: 0,
};

/** One leg's execution. `contracts` is signed: + bought, - sold; `price` in dollars per share. */
export interface OptionExecution {
  readonly contracts: number;
  readonly price: Price;
  readonly multiplier: number;
}

/** One execution in stock. `shares` is signed: + bought, - sold. */
export interface StockExecution {
  readonly shares: number;
  readonly price: Price;
}

/** Dollars to whole cents, always up: what a broker does with a fraction of a cent. */
function roundedUp(dollars: number): Cents {
  return cents(Math.ceil(dollars * 100 - 1e-9));
}

/** What the executions of one option order cost, as a positive amount, rounded up once to the cent. */
export function optionFees(schedule: FeeSchedule, executions: readonly OptionExecution[]): Cents {
  let dollars = 0;
  for (const { contracts, price, multiplier } of executions) {
    const count = Math.abs(contracts);
    dollars +=
      count * (schedule.optionRegulatoryFeePerContract + schedule.exchangeFeePerContract + schedule.commissionPerContract);
    dollars += Math.min(count * schedule.occClearingFeePerContract, schedule.occClearingFeeCap);
    if (contracts < 0) {
      dollars += count * schedule.finraTafPerContract;
      dollars += (count * multiplier * price * schedule.secFeePerMillion) / 1e6;
    }
  }
  return roundedUp(dollars);
}

/** What the executions of one stock order cost, as a positive amount, rounded up once to the cent. */
export function stockFees(schedule: FeeSchedule, executions: readonly StockExecution[]): Cents {
  let dollars = 0;
  for (const { shares, price } of executions) {
    if (shares >= 0) continue;
    dollars += Math.min(-shares * schedule.finraTafPerShare, schedule.finraTafStockCap);
    dollars += (-shares * price * schedule.secFeePerMillion) / 1e6;
  }
  return roundedUp(dollars);
}
