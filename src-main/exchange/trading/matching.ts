import { civilDate } from '#domain/market/calendar';
import { type Cents, cents } from '#domain/units';
import { hashText, mix32, unit } from '../hashing.ts';
import type { ExchangeLeg, ExchangeOrder, LegExecution } from '../orders.ts';
import { contractOf, type ExchangeParts } from '../parts.ts';
import { type FeeModel, feeModel } from './feeModel.ts';
import { type FillModel, type FillSituation, fillModel, type LegSides, legPricesFor, netOf } from './fillModel.ts';
import { type OrderDesk, workingUnits } from './orderDesk.ts';

/** Matches the account's working orders against the moving quotes, whole combinations only. */
export class MatchingEngine {
  private readonly parts: ExchangeParts;
  private readonly desk: OrderDesk;
  private readonly model: FillModel;
  private readonly fees: FeeModel;

  constructor(parts: ExchangeParts, desk: OrderDesk) {
    this.parts = parts;
    this.desk = desk;
    this.model = fillModel(parts.settings.matching.fillModel, parts.settings.matching);
    this.fees = feeModel(parts.settings.fees.model, parts.settings.fees);
  }

  /** Looks at every working order once; called after each tick of the market. */
  matchAll(): void {
    for (const order of this.parts.book.open()) {
      const current = this.parts.book.get(order.id);
      if (current && workingUnits(current) > 0 && !this.parts.halts.isHalted(current.underlying)) this.match(current);
    }
  }

  private match(order: ExchangeOrder): void {
    const situation = this.situationOf(order);
    if (!situation) return;
    const decision = this.model.judge(situation.market);
    if (decision) this.fill(order, situation.legs, decision.units, decision.net);
  }

  /**
   * Fills the rest of an order at its own limit, or better at the market's: what happens when a fill wins against a cancel.
   * False when nothing can be had at the limit.
   */
  fillAgainstCancel(order: ExchangeOrder): boolean {
    const situation = this.situationOf(order);
    if (!situation || !this.parts.simulation.inSession || this.parts.halts.isHalted(order.underlying)) return false;
    const { natural, passive, limit, remaining } = situation.market;
    if (limit !== null && limit > passive) return false;
    return this.fill(order, situation.legs, remaining, limit === null ? natural : Math.max(limit, natural));
  }

  private situationOf(order: ExchangeOrder): { market: FillSituation; legs: LegSides[] } | null {
    const { parts } = this;
    const legs: LegSides[] = [];
    let shownUnits = Number.POSITIVE_INFINITY;
    for (const leg of order.legs) {
      const quote = parts.market.trueQuoteOf(leg.symbol);
      if (!quote || !(quote.ask > 0)) return null;
      const bid = Math.round(quote.bid * 100);
      const ask = Math.round(quote.ask * 100);
      const sells = leg.side === 'sell';
      legs.push({ side: leg.side, ratio: leg.ratio, natural: sells ? bid : ask, passive: sells ? ask : bid });
      shownUnits = Math.min(shownUnits, Math.floor((sells ? quote.bidSize : quote.askSize) / leg.ratio));
    }
    const now = parts.now();
    const seed = mix32(mix32(parts.seed, hashText(order.id)), Math.floor(now / 1000));
    const market: FillSituation = {
      remaining: workingUnits(order),
      limit: order.netLimit === null ? null : Math.round(order.netLimit * 100),
      natural: netOf(
        legs,
        legs.map((leg) => leg.natural),
      ),
      passive: netOf(
        legs,
        legs.map((leg) => leg.passive),
      ),
      shownUnits,
      legCount: legs.length,
      restingSeconds: (now - order.submittedAt) / 1000,
      tickSeconds: parts.settings.market.tickSeconds,
      draw: (label) => unit(mix32(seed, label)),
    };
    return { market, legs };
  }

  /** Books an execution: legs, cash, fees, activities, the order. False when no leg prices make up the net. */
  private fill(order: ExchangeOrder, sides: readonly LegSides[], units: number, net: number): boolean {
    const prices = legPricesFor(sides, net);
    if (!prices || units <= 0) return false;
    const { parts } = this;
    const executionId = parts.newId();
    const legs: LegExecution[] = order.legs.map((leg, i) => ({
      executionId: order.legs.length === 1 ? executionId : parts.newId(),
      legId: leg.id,
      symbol: leg.symbol,
      contracts: units * leg.ratio * (leg.side === 'buy' ? 1 : -1),
      price: (prices[i] ?? 0) / 100,
    }));
    const fees = this.feesOf(legs, order.legs);
    for (const [i, leg] of legs.entries()) this.post(order, leg, prices[i] ?? cents(0));
    if (fees > 0) this.charge(order, executionId, fees);
    this.desk.applyExecution(order, { executionId, units, netPrice: net / 100, legs, fees });
    return true;
  }

  private post(order: ExchangeOrder, leg: LegExecution, price: Cents): void {
    const { parts } = this;
    const contract = contractOf(parts, leg.symbol);
    const cash = cents(-leg.contracts * price * (contract?.multiplier ?? 1));
    const now = parts.now();
    parts.ledger.post(now, {
      kind: 'fill',
      symbol: leg.symbol,
      contract,
      underlying: order.underlying,
      quantity: leg.contracts,
      price: leg.price,
      cash,
      orderId: order.id,
      clientOrderId: order.clientOrderId,
      executionId: leg.executionId,
    });
    parts.activities.note(
      now,
      civilDate(now),
      {
        code: 'FILL',
        symbol: leg.symbol,
        quantity: leg.contracts,
        price: leg.price,
        netCash: cash,
        groupId: null,
        orderId: order.id,
        description: leg.contracts > 0 ? 'buy' : 'sell',
      },
      false,
    );
  }

  private charge(order: ExchangeOrder, executionId: string, fees: Cents): void {
    const { parts } = this;
    const now = parts.now();
    const cash = cents(-fees);
    parts.ledger.post(now, {
      kind: 'fee',
      symbol: null,
      quantity: 0,
      price: null,
      cash,
      orderId: order.id,
      clientOrderId: order.clientOrderId,
      executionId,
    });
    const draft = {
      code: 'FEE',
      symbol: null,
      quantity: 0,
      price: null,
      netCash: cash,
      groupId: null,
      orderId: order.id,
      description: 'ORF, OCC, TAF and SEC fees',
    } as const;
    parts.activities.note(now, civilDate(now), draft, true);
  }

  private feesOf(legs: readonly LegExecution[], ordered: readonly ExchangeLeg[]): Cents {
    if (ordered[0]?.assetClass === 'us_equity')
      return this.fees.stock(legs.map(({ contracts, price }) => ({ shares: contracts, price })));
    return this.fees.options(
      legs.map(({ symbol, contracts, price }) => ({
        contracts,
        price,
        multiplier: contractOf(this.parts, symbol)?.multiplier ?? 1,
      })),
    );
  }
}
