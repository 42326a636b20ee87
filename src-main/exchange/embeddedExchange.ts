import { atNewYork, civilDate, isTradingDay, nextSession, nextTradingDay } from '#domain/market/calendar';
import { cents, type Instant, type IsoDate, instant, invariant, unreachable } from '#domain/units';
import { Agenda } from './agenda.ts';
import { BrokerDesk } from './brokerDesk.ts';
import { ActivityLog } from './clearing/activityLog.ts';
import { ClearingHouse, clearingTime } from './clearing/clearingHouse.ts';
import { Ledger } from './clearing/ledger.ts';
import { liquidateExpiring, liquidateOneLeg } from './clearing/liquidation.ts';
import type { AccountDesk, Exchange, MarketDesk } from './exchangeApi.ts';
import { FaultDesk, type FaultScript } from './faults.ts';
import { seededUuid } from './hashing.ts';
import { Halts } from './market/halts.ts';
import { MarketView } from './market/marketView.ts';
import { MarketSimulation } from './market/simulation.ts';
import type { ExchangeAct, ExchangeMemory, RememberedAct } from './memory.ts';
import { type ExchangeParts, openingCutoff } from './parts.ts';
import { type ExchangeSettings, type ExchangeSettingsInput, exchangeSettings } from './settings.ts';
import { tradeElsewhere } from './trading/elsewhere.ts';
import { MatchingEngine } from './trading/matching.ts';
import { OrderBook } from './trading/orderBook.ts';
import { OrderDesk } from './trading/orderDesk.ts';
import { UpdateStream } from './trading/updateStream.ts';

export interface ExchangeOptions {
  readonly seed: number;
  /** First session (or the first after it). */
  readonly start: IsoDate;
  readonly settings?: ExchangeSettingsInput;
  readonly faults?: FaultScript;
  /** Told of every remembered act before it takes effect: write it down durably and a killed process can be brought back. */
  readonly onAct?: (act: RememberedAct) => void;
}

/** New York's time of day at which the exchange's clock starts on its first day. */
const START_OF_DAY = '09:00';
const MINUTE_MS = 60_000;

/** The embedded exchange: market, matching, clearing and one account, on a clock that moves only when it is told to. */
export function createExchange(options: ExchangeOptions): Exchange {
  return new EmbeddedExchange(options);
}

/**
 * Brings an exchange back to where its memory ends. `options` must be those it was made with; what it told its client on the way
 * is not told again. Throws InvariantError when the memory does not fit (another seed, other settings, another program).
 */
export function restoreExchange(options: ExchangeOptions, memory: ExchangeMemory): Exchange {
  const exchange = new EmbeddedExchange(options);
  exchange.relive(memory);
  return exchange;
}

class EmbeddedExchange implements Exchange {
  readonly settings: ExchangeSettings;
  readonly market: MarketDesk;
  readonly desk: AccountDesk;
  readonly faults: FaultDesk;
  private readonly parts: ExchangeParts;
  private readonly simulation: MarketSimulation;
  private readonly halts: Halts;
  private readonly orders: OrderDesk;
  private readonly matching: MatchingEngine;
  private readonly clearing: ClearingHouse;
  private readonly broker: BrokerDesk;
  private readonly tickMs: number;
  private clock: Instant;
  private nextOpen: Instant;
  private lastMinute = 0;
  private steps = 0;
  private readonly acts: RememberedAct[] = [];
  private readonly onAct: (act: RememberedAct) => void;

  constructor({ seed, start, settings, faults, onAct }: ExchangeOptions) {
    this.onAct = onAct ?? (() => {});
    const first = isTradingDay(start) ? start : nextTradingDay(start);
    this.settings = exchangeSettings.parse(settings ?? {});
    this.tickMs = this.settings.market.tickSeconds * 1000;
    this.clock = atNewYork(first, START_OF_DAY);
    this.nextOpen = nextSession(this.clock).open;
    this.faults = new FaultDesk(seed, faults);
    const now = () => this.clock;
    this.simulation = new MarketSimulation(seed, first, this.settings.market);
    const agenda = new Agenda();
    let ids = 0;
    this.halts = new Halts(this.simulation, this.faults);
    const view = new MarketView(this.simulation, this.faults, this.halts, now);
    this.parts = {
      seed,
      settings: this.settings,
      simulation: this.simulation,
      market: view,
      halts: this.halts,
      ledger: new Ledger(),
      book: new OrderBook(),
      activities: new ActivityLog(seed, this.settings.clearing.activityDelay, this.faults),
      agenda,
      updates: new UpdateStream(this.faults, agenda, now),
      faults: this.faults,
      configuration: { current: { maxOptionsTradingLevel: null, suspendTrade: false, noShorting: true } },
      doNotExercise: new Set(),
      now,
      newId: () => {
        ids += 1;
        return seededUuid(seed, ids);
      },
    };
    this.orders = new OrderDesk(this.parts);
    this.matching = new MatchingEngine(this.parts, this.orders);
    this.orders.raceFill = (order) => this.matching.fillAgainstCancel(order);
    this.clearing = new ClearingHouse(this.parts, this.orders);
    this.broker = new BrokerDesk(this.parts, this.orders, this.clearing, (act) => this.remember(act));
    this.faults.onUse = (script) => {
      this.remember({ kind: 'useFaults', script });
      this.halts.look();
    };
    this.market = view;
    this.desk = this.broker;
    this.parts.ledger.post(this.clock, {
      kind: 'deposit',
      symbol: null,
      quantity: 0,
      price: null,
      cash: cents(this.settings.clearing.startingCash),
    });
  }

  now(): Instant {
    return this.clock;
  }

  advanceTo(target: Instant): Instant {
    invariant(target >= this.clock, `the exchange's clock never runs backwards: ${target} < ${this.clock}`);
    const { agenda, updates } = this.parts;
    const delivered = updates.delivered;
    while (updates.delivered === delivered) {
      const nextMarket = this.nextMarketEvent();
      const appointment = agenda.nextAt();
      const next = Math.min(nextMarket, appointment);
      if (next > target) {
        this.clock = target;
        break;
      }
      this.step(nextMarket, appointment);
    }
    return this.clock;
  }

  memory(): ExchangeMemory {
    return { version: 1, acts: this.acts, step: this.steps, at: this.clock };
  }

  relive({ acts, step, at }: ExchangeMemory): void {
    for (const remembered of acts) {
      this.stepUpTo(remembered.step, instant(remembered.at));
      this.perform(remembered.act);
    }
    this.stepUpTo(step, instant(at));
  }

  private stepUpTo(step: number, at: Instant): void {
    while (this.steps < step) this.step(this.nextMarketEvent(), this.parts.agenda.nextAt());
    invariant(this.clock <= at, `the memory does not fit this exchange: step ${step} is at ${this.clock}, remembered ${at}`);
    this.clock = at;
  }

  private remember(act: ExchangeAct): void {
    const remembered = { step: this.steps, at: this.clock, act };
    this.onAct(remembered);
    this.acts.push(remembered);
  }

  private perform(act: ExchangeAct): void {
    const { desk, faults } = this;
    switch (act.kind) {
      case 'submit':
        desk.submit(act.ticket);
        return;
      case 'cancel':
        desk.cancel(act.orderId);
        return;
      case 'replace': {
        const { quantity, netLimit, clientOrderId } = act;
        desk.replace(act.orderId, {
          ...(quantity === null ? {} : { quantity }),
          ...(netLimit === null ? {} : { netLimit }),
          ...(clientOrderId === null ? {} : { clientOrderId }),
        });
        return;
      }
      case 'exercise':
        desk.exercise(act.symbol);
        return;
      case 'doNotExercise':
        desk.doNotExercise(act.symbol);
        return;
      case 'configure':
        desk.configure({
          maxOptionsTradingLevel: act.maxOptionsTradingLevel,
          suspendTrade: act.suspendTrade,
          noShorting: act.noShorting,
        });
        return;
      case 'useFaults':
        faults.use(act.script);
        return;
      default:
        unreachable(act);
    }
  }

  /** Moves to whatever comes next. Appointments of an instant precede its tick: a cancel that is due beats a fill. */
  private step(nextMarket: number, appointment: number): void {
    this.steps += 1;
    this.clock = instant(Math.min(nextMarket, appointment));
    if (appointment <= nextMarket) this.parts.agenda.doNext(this.clock);
    else this.moveMarket();
  }

  private nextMarketEvent(): number {
    const { simulation } = this;
    return simulation.inSession ? Math.min(simulation.at + this.tickMs, simulation.day.session.close) : this.nextOpen;
  }

  private moveMarket(): void {
    const { simulation } = this;
    if (!simulation.inSession) {
      this.openSession();
      return;
    }
    simulation.tick(this.clock);
    this.halts.look();
    if (this.parts.book.hasOpen()) this.matching.matchAll();
    if (this.clock - this.lastMinute >= MINUTE_MS) {
      this.lastMinute = this.clock;
      tradeElsewhere(this.parts, this.orders);
      this.watchExpiring();
      liquidateOneLeg(this.parts, this.orders);
    }
    if (this.clock >= simulation.day.session.close) this.closeSession();
  }

  private openSession(): void {
    const date = civilDate(this.clock);
    this.simulation.beginSession(date);
    this.halts.look();
    this.lastMinute = this.clock;
    this.clearing.goExDividend(date);
    this.orders.openSession();
  }

  /** Once a minute in the last stretch of a session the broker's risk desk looks at what expires today. */
  private watchExpiring(): void {
    const cutoff = openingCutoff(this.parts);
    if (!this.settings.clearing.liquidateUncoveredExpiring || cutoff === null || this.clock < cutoff) return;
    if (this.clock < this.simulation.day.session.close)
      liquidateExpiring(this.parts, this.orders, this.simulation.day.session.date);
  }

  private closeSession(): void {
    const { date, close } = this.simulation.day.session;
    this.simulation.endSession();
    this.halts.look();
    this.nextOpen = nextSession(this.clock).open;
    this.orders.closeSession(close);
    this.broker.markDay(date, close);
    const at = clearingTime(close, this.settings.clearing.clearingDelayMinutes);
    this.parts.agenda.add(at, () => this.clearing.settle(date));
  }
}
