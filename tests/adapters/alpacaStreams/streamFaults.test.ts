import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrokerReport } from '#ports/broker';
import { EngineDesk } from '#support/engineDesk';
import { openLine } from '../../battery/payloads/line.ts';
import { LONG, SHORT, sellSpread } from '../../engine/acting/spread.ts';
import { STREAM_FAULTS, type StreamFault } from './streamFaults.ts';

/** Virtual seconds within which the engine's book must be the broker's. */
const HEALED_SECONDS = 60;
const AUTHORIZED = { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } };
const LISTENING = { stream: 'listening', data: { streams: ['trade_updates'] } };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The scripted broker whose word on orders travels through the real adapter's stream, with a fault on the way. */
class StreamedDesk extends EngineDesk {
  private readonly fault: StreamFault;
  private readonly line = openLine('test0001', this.now);
  private onTheWay: { readonly text: string; readonly at: number }[] = [];
  private frames = 0;
  private struckAt: number | null = null;
  private tries = 0;
  private isUp = false;

  constructor(fault: StreamFault) {
    super({});
    this.fault = fault;
    this.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88);
    this.line.broker.onReport((report) => super.report(report));
    this.line.broker.onConnection((change) => this.post({ kind: 'connectionChanged', at: this.now, change }));
    this.line.answers.set(
      'byId',
      '{"id":"x","client_order_id":"elsewhere","status":"new","symbol":"SPY","side":"buy","qty":"1","filled_qty":"0"}',
    );
    this.line.start();
    this.start();
    this.seconds(2);
  }

  /** Word on an order is a frame; what REST answers goes its own way. */
  override report(report: BrokerReport): void {
    const text = frameOf(this, report);
    if (text === null) return super.report(report);
    const n = this.frames;
    this.frames += 1;
    if (n === 1 && this.fault.line) this.strike();
    const isLost = this.fault.losesFrames === true && n > 0;
    if (isLost) return;
    const handing = this.fault.frame?.(text, n) ?? [{ text, after: 0 }];
    this.onTheWay.push(...handing.map((item) => ({ text: item.text, at: this.now + item.after * 1000 })));
  }

  private strike(): void {
    this.struckAt = this.now;
    this.tries = 0;
    if (this.fault.line === 'revokesKey')
      this.line.said({ stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } });
    else this.line.hangUp();
    this.isUp = false;
  }

  /** The server's side of a connection that was opened. */
  private accept(): void {
    const since = this.struckAt === null ? Number.POSITIVE_INFINITY : (this.now - this.struckAt) / 1000;
    const { line } = this.fault;
    this.tries += 1;
    if (line === 'closesFor20s' && since < 20) return this.line.hangUp();
    if (line === 'kicked' && this.struckAt !== null && this.tries <= 1) return this.line.hangUp();
    if (line === 'kickedThrice' && this.struckAt !== null && this.tries <= 3) return this.line.hangUp();
    this.line.opened();
    if (line === 'refusesKeyFor10s' && since < 10)
      return this.line.said({ stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } });
    this.line.said(AUTHORIZED);
    if (line === 'noAck' && this.struckAt !== null && this.tries <= 1) return;
    if (line === 'deafAck' && this.struckAt !== null && this.tries <= 1)
      return this.line.said({ stream: 'listening', data: { streams: [] } });
    this.line.said(LISTENING);
    this.isUp = true;
  }

  /** Virtual seconds, one at a time, for the engine, the adapter and the kit. */
  seconds(count: number): void {
    for (let second = 0; second < count; second += 1) {
      this.pass(1);
      vi.advanceTimersByTime(1_000);
      this.line.clock.advance(1_000);
      if (this.line.isFresh()) this.accept();
      const due = this.onTheWay.filter(({ at }) => at <= this.now);
      if (!this.isUp) continue;
      this.onTheWay = this.onTheWay.filter(({ at }) => at > this.now);
      for (const { text } of due) this.line.update(text);
    }
  }

  get streamStates(): readonly string[] {
    return this.line.states;
  }

  async end(): Promise<void> {
    await this.line.stop();
  }
}

function frameOf(desk: EngineDesk, report: BrokerReport): string | null {
  if (report.kind !== 'orderWorking' && report.kind !== 'orderFilled' && report.kind !== 'orderCancelled') return null;
  const order = desk.orders.get(report.clientOrderId);
  if (!order) return null;
  const { request } = order;
  const at = new Date(desk.now).toISOString();
  const event = { orderWorking: 'new', orderFilled: 'partial_fill', orderCancelled: 'canceled' }[report.kind];
  return JSON.stringify({
    stream: 'trade_updates',
    data: {
      event: report.kind === 'orderFilled' && report.complete ? 'fill' : event,
      at,
      timestamp: at,
      order: {
        id: report.brokerOrderId,
        client_order_id: report.clientOrderId,
        order_class: 'mleg',
        symbol: '',
        side: '',
        qty: String(request.contracts),
        filled_qty: String(order.filled),
        legs: request.legs.map(({ symbol, side, ratio }) => ({ symbol, side, qty: String(ratio * request.contracts) })),
      },
      ...(report.kind === 'orderFilled'
        ? {
            qty: String(report.contracts),
            price: String(-report.netPrice),
            legs: report.legs.map(({ symbol, contracts, price }, leg) => ({
              execution_id: `${report.executionId}-${leg}`,
              symbol,
              qty: String(Math.abs(contracts)),
              price: String(price),
            })),
          }
        : {}),
    },
  });
}

const heldBy = (desk: EngineDesk): Record<string, number> => {
  const held: Record<string, number> = {};
  for (const { position } of desk.engine.view().positions)
    for (const { symbol, quantity } of position.legs) held[symbol] = (held[symbol] ?? 0) + quantity;
  return held;
};

describe('the named faults of the order stream', () => {
  it('are more than thirty', () => {
    expect(STREAM_FAULTS.length).toBeGreaterThanOrEqual(30);
  });

  it.each(STREAM_FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
    const desk = new StreamedDesk(fault);
    expect(desk.streamStates).toEqual(['connected']);
    expect(sellSpread(desk, 2).kind).toBe('done');
    desk.seconds(1);
    const order = desk.only();
    desk.report(desk.fill(order, 1));
    desk.seconds(1);
    desk.report(desk.fill(order, 1));
    desk.seconds(HEALED_SECONDS);
    const agrees = (): void => {
      expect(heldBy(desk)).toEqual({ [SHORT]: -2, [LONG]: 2 });
      expect(heldBy(desk)).toEqual(Object.fromEntries(desk.holdings));
      expect(desk.engine.view().positions).toHaveLength(1);
      expect(desk.factsOf('OrderIntended')).toHaveLength(1);
    };
    agrees();
    expect(desk.streamStates.at(-1)).toBe('connected');
    // What comes long after changes nothing.
    desk.seconds(1_000);
    agrees();
    expect(desk.engine.view().account.cash).toBe(desk.cash);
    await desk.end();
  });
});
