import {
  type FeeSchedule,
  NO_FEES,
  type OptionExecution,
  optionFees,
  type StockExecution,
  stockFees,
} from '#domain/portfolio/fees';
import type { Cents } from '#domain/units';
import type { FEE_MODELS } from '../settings.ts';

/** What an execution costs besides its price, as a positive amount. */
export interface FeeModel {
  options(executions: readonly OptionExecution[]): Cents;
  stock(executions: readonly StockExecution[]): Cents;
}

/** 'passThrough' charges the schedule of the settings; 'none' charges nothing, as Alpaca's paper account does. */
export function feeModel(name: (typeof FEE_MODELS)[number], schedule: FeeSchedule): FeeModel {
  const charged = name === 'none' ? NO_FEES : schedule;
  return { options: (executions) => optionFees(charged, executions), stock: (executions) => stockFees(charged, executions) };
}
