import { addDays, atNewYork, daysBetween, nextTradingDay, sessionOn, yearsToExpiration } from '#domain/market/calendar';
import type { OptionContract } from '#domain/market/instrument';
import { strikeInterest } from '#domain/structures/assignment';
import { intrinsicValue } from '#domain/structures/intrinsic';
import { type Cents, cashOf, cents, centsFromDollars, type Instant, type IsoDate, plusMs } from '#domain/units';
import { hashText, mix32, unit } from '../hashing.ts';
import { type ExchangeParts, markPrice } from '../parts.ts';
import type { OrderDesk } from '../trading/orderDesk.ts';
import { type AssignmentModel, assignmentModel } from './assignmentModel.ts';
import type { Holding } from './ledger.ts';

type DeliveryCode = 'OPEXC' | 'OPASN';

/** What happens to options and dividends outside the session: expiration, exercise by exception, assignment, payments. */
export class ClearingHouse {
  private readonly parts: ExchangeParts;
  private readonly orders: OrderDesk;
  private readonly assignment: AssignmentModel;

  constructor(parts: ExchangeParts, orders: OrderDesk) {
    this.parts = parts;
    this.orders = orders;
    this.assignment = assignmentModel(parts.settings.clearing.assignmentModel, parts.settings.clearing);
  }

  /** After the close of `date`: expires what ends today, then assigns early what its holders would rather have. */
  settle(date: IsoDate): void {
    this.orders.expireWithContracts(date);
    for (const holding of this.parts.ledger.holdings()) {
      const { contract } = holding;
      if (!contract) continue;
      if (contract.expiration <= date) this.expire(holding, contract, date);
      else if (holding.quantity < 0) this.assignEarly(holding, contract, date);
    }
    this.parts.doNotExercise.clear();
  }

  /** At the open of an ex-date: holders of shares are owed the dividend, those short owe it; cash moves some days later. */
  goExDividend(date: IsoDate): void {
    const { simulation, ledger, agenda, settings } = this.parts;
    for (const { spec, happenings } of simulation.states) {
      const dividend = happenings.dividends.find(({ exDate }) => exDate === date);
      const shares = ledger.quantityOf(spec.symbol);
      if (!dividend || shares === 0) continue;
      const cash = centsFromDollars(dividend.amount * shares);
      const payDay = addDays(date, settings.clearing.dividendPayLagDays);
      const pay = () => this.payDividend(spec.symbol, shares, dividend.amount, cash, payDay);
      if (payDay === date) pay();
      else agenda.add(atNewYork(payDay, '08:00'), pay);
    }
  }

  /** Exercises long options now, at the holder's wish: all that is available. */
  exerciseNow(holding: Holding, contract: OptionContract, date: IsoDate): void {
    this.deliver(holding, contract, holding.quantity, 'OPEXC', date);
  }

  private expire(holding: Holding, contract: OptionContract, date: IsoDate): void {
    const { parts } = this;
    const settlement = Math.round(markPrice(parts, contract.underlying) * 100) / 100;
    const inTheMoney =
      intrinsicValue(contract.right, contract.strike, settlement) >= parts.settings.clearing.exerciseThreshold - 1e-9;
    const refused = holding.quantity > 0 && parts.doNotExercise.has(contract.symbol);
    if (inTheMoney && !refused) {
      this.deliver(holding, contract, Math.abs(holding.quantity), holding.quantity > 0 ? 'OPEXC' : 'OPASN', date);
      return;
    }
    const groupId = parts.newId();
    const now = parts.now();
    parts.ledger.post(now, {
      kind: 'expiration',
      symbol: contract.symbol,
      quantity: -holding.quantity,
      price: null,
      cash: cents(0),
      groupId,
    });
    this.note('OPEXP', contract.symbol, -holding.quantity, null, cents(0), groupId, date, 'option expired');
  }

  private assignEarly(holding: Holding, contract: OptionContract, date: IsoDate): void {
    const { parts } = this;
    const spot = markPrice(parts, contract.underlying);
    const tomorrow = nextTradingDay(date);
    const state = parts.simulation.states.find(({ spec }) => spec.symbol === contract.underlying);
    const dividend = state?.happenings.dividends.find(({ exDate }) => exDate === tomorrow)?.amount ?? 0;
    const expiresAt: Instant = sessionOn(contract.expiration)?.close ?? parts.now();
    const years = yearsToExpiration(parts.now(), expiresAt);
    const root = mix32(mix32(parts.seed, hashText(contract.symbol)), daysBetween('1970-01-01' as IsoDate, date));
    const forced = parts.faults.strike('earlyAssignment', contract.symbol, date, parts.now()) !== null;
    const assigned = forced
      ? -holding.quantity
      : this.assignment.assigned({
          contract,
          contracts: -holding.quantity,
          spot,
          mark: markPrice(parts, contract.symbol),
          dividendTomorrow: dividend,
          strikeInterest: strikeInterest(contract.strike, parts.settings.market.riskFreeRate, years),
          draw: (label) => unit(mix32(root, label)),
        });
    if (assigned > 0) this.deliver(holding, contract, Math.min(assigned, -holding.quantity), 'OPASN', date);
  }

  /** Takes `contracts` out of a position and moves the shares at the strike. */
  private deliver(holding: Holding, contract: OptionContract, contracts: number, code: DeliveryCode, date: IsoDate): void {
    const { parts } = this;
    const now = parts.now();
    const groupId = parts.newId();
    const long = holding.quantity > 0;
    const gone = long ? -contracts : contracts;
    const kind = code === 'OPEXC' ? 'exercise' : 'assignment';
    parts.ledger.post(now, { kind, symbol: contract.symbol, quantity: gone, price: null, cash: cents(0), groupId });
    this.note(code, contract.symbol, gone, null, cents(0), groupId, date, kind);
    // A long call or a short put brings shares in; a long put or a short call takes them away.
    const inward = (contract.right === 'call') === long;
    const shares = contracts * contract.multiplier * (inward ? 1 : -1);
    const cash = cashOf(-contract.strike, 1, shares);
    parts.ledger.post(now, {
      kind: 'delivery',
      symbol: contract.underlying,
      contract: null,
      underlying: contract.underlying,
      quantity: shares,
      price: contract.strike,
      cash,
      groupId,
    });
    this.note(
      'OPTRD',
      contract.underlying,
      shares,
      contract.strike,
      cash,
      groupId,
      date,
      `shares at ${contract.strike} by ${kind} of ${contract.symbol}`,
    );
  }

  private payDividend(symbol: string, shares: number, amount: number, cash: Cents, date: IsoDate): void {
    const { parts } = this;
    parts.ledger.post(parts.now(), { kind: 'dividend', symbol: null, quantity: 0, price: null, cash });
    const draft = {
      code: 'DIV',
      symbol,
      quantity: shares,
      price: amount,
      netCash: cash,
      groupId: null,
      orderId: null,
      description: 'cash dividend',
    } as const;
    parts.activities.note(parts.now(), date, draft, false);
  }

  private note(
    code: DeliveryCode | 'OPEXP' | 'OPTRD',
    symbol: string,
    quantity: number,
    price: number | null,
    netCash: Cents,
    groupId: string,
    date: IsoDate,
    description: string,
  ): void {
    this.parts.activities.note(
      this.parts.now(),
      date,
      { code, symbol, quantity, price, netCash, groupId, orderId: null, description },
      true,
    );
  }
}

/** When the clearing house works after a close. */
export function clearingTime(close: Instant, delayMinutes: number): Instant {
  return plusMs(close, delayMinutes * 60_000);
}
