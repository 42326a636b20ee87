import type { Trade } from '#domain/portfolio/position';
import { cents, instant } from '#domain/units';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2026, 0, 5, 15);

/** The n-th trade of a paper account: a put spread held for a day, one trade a day. */
export function paperTrade(n: number, pnlCents: number, account = 'PA7REAL00001'): Trade {
  return {
    tradeId: `t${n}`,
    positionId: `p${n}`,
    campaignId: `c${n}`,
    account,
    mode: 'paper',
    underlying: 'XYZ',
    strategyId: 'bull_put_spread',
    structure: 'bull put spread',
    enteredAt: instant(FIRST + n * DAY_MS),
    exitedAt: instant(FIRST + (n + 1) * DAY_MS),
    parameters: {},
    entry: {
      spot: 100,
      ivRank: null,
      openInterestShort: null,
      spread: null,
      probabilityOfProfit: null,
      expectedValueCents: null,
      legs: [],
    },
    execution: {
      limitCredit: 1.2,
      fillCredit: 1.2,
      slippage: 0,
      fees: cents(0),
      workingMs: 0,
      exitCredit: -0.6,
      exitSlippage: 0,
    },
    risk: { units: 1, maxLoss: cents(38_000), riskFraction: 0.004 },
    outcome: {
      pnl: cents(pnlCents),
      daysHeld: 1,
      exitReason: 'takeProfit',
      maxAdverse: cents(0),
      maxFavourable: cents(0),
    },
    reasonTags: [],
    notes: '',
  };
}
