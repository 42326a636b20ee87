import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf, activityOf, orderOf, positionOf } from '#adapters/brokers/alpaca/decode';
import { postOrderRequestOf } from '#adapters/brokers/alpaca/encode';
import { DecodeError } from '#adapters/brokers/alpaca/fields';
import { reportOfUpdate } from '#adapters/brokers/alpaca/updateDecode';
import { instant } from '#domain/units';
import type { IdentifiedOrder } from '#ports/broker';

const PUT = 'SPY260130P00650000';
const LOWER = 'SPY260130P00645000';
const ACCOUNT = { account_number: 'PA1', cash: '100000', equity: '99876.54', buying_power: '200000' };
const MLEG = {
  id: 'o1',
  client_order_id: 'sd-abcdefgh-i1-1-0123456789ab',
  order_class: 'mleg',
  symbol: '',
  side: '',
  asset_class: '',
  qty: '2',
  filled_qty: '1',
  limit_price: '-0.55',
  filled_avg_price: '-0.57',
  status: 'partially_filled',
  created_at: '2026-01-05T15:00:00.123456789Z',
  legs: [
    { symbol: PUT, side: 'sell', ratio_qty: '1', position_intent: 'sell_to_open', type: '', filled_avg_price: '2.10' },
    { symbol: LOWER, side: 'buy', ratio_qty: '1', position_intent: 'buy_to_open', type: '', filled_avg_price: '1.53' },
  ],
};

describe('what Alpaca says, read with tolerance', () => {
  it('an account without the day-trade fields that went in 2026, and with fields that nobody knows yet', () => {
    const flags = { trading_blocked: false, account_blocked: false, trade_suspended_by_user: false };
    const told = {
      ...flags,
      options_trading_level: 3,
      options_buying_power: '150000',
      last_equity: '100123.45',
      maintenance_margin: '0',
    };
    const known = accountOf({ ...ACCOUNT, ...told, intraday_margin_excess: '1', nested: { new: [1] } }, true);
    expect(known).toEqual({
      accountNumber: 'PA1',
      cash: 10_000_000,
      equity: 9_987_654,
      lastEquity: 10_012_345,
      buyingPower: 20_000_000,
      optionsBuyingPower: 15_000_000,
      optionsLevel: 3,
      tradingBlocked: false,
      accountBlocked: false,
      suspendedByUser: false,
      isPaper: true,
      marginDeficit: 0,
    });
    expect(
      accountOf({ ...ACCOUNT, ...told, pattern_day_trader: true, daytrade_count: 9, daytrading_buying_power: '0' }, true),
    ).toEqual({ ...known });
  });

  it('a margin deficit as what the maintenance margin asks beyond the equity: 100 000 against 99 876.54 are 123.46 short', () => {
    expect(accountOf({ ...ACCOUNT, maintenance_margin: '100000' }, true).marginDeficit).toBe(12_346);
    expect(accountOf({ ...ACCOUNT, maintenance_margin: '99876.54' }, true).marginDeficit).toBe(0);
    expect(accountOf({ ...ACCOUNT, maintenance_margin: '0', margin_deficit: '5' }, true).marginDeficit).toBe(500);
  });

  it('and takes nothing that is not told for a no or a nothing: the gate refuses what is null', () => {
    expect(accountOf(ACCOUNT, true)).toMatchObject({
      lastEquity: null,
      optionsBuyingPower: null,
      optionsLevel: null,
      tradingBlocked: null,
      accountBlocked: null,
      suspendedByUser: null,
      marginDeficit: null,
    });
    expect(accountOf({ ...ACCOUNT, trading_blocked: 'maybe', account_blocked: 'true' }, true)).toMatchObject({
      tradingBlocked: null,
      accountBlocked: true,
    });
  });

  it('but never an account without its money: the field is named', () => {
    for (const field of ['cash', 'equity', 'buying_power'])
      expect(() => accountOf({ ...ACCOUNT, [field]: undefined }, true)).toThrow(
        new DecodeError(`account: ${field} is missing or not a number`),
      );
    expect(() => accountOf({ ...ACCOUNT, equity: 'NaN' }, true)).toThrow(DecodeError);
  });

  it('a combination: its sign turned to ours, its ratios kept, unknown states believed to be working', () => {
    expect(orderOf(MLEG)).toMatchObject({
      netLimit: 0.55,
      filledNetPrice: 0.57,
      underlying: 'SPY',
      status: 'partiallyFilled',
      legFillPrices: [2.1, 1.53],
    });
    expect(orderOf({ ...MLEG, status: 'a_state_of_2027' }).status).toBe('working');
    expect(orderOf({ ...MLEG, legs: [{ ...MLEG.legs[0], ratio_qty: '2' }, MLEG.legs[1]] }).legs[0]?.ratio).toBe(2);
  });

  it('a position with its side, an activity of a kind that nobody knows, and both codes for an exercise', () => {
    expect(positionOf({ symbol: PUT, qty: '-2', side: 'short', avg_entry_price: '2.10' })).toMatchObject({ quantity: -2 });
    expect(positionOf({ symbol: PUT, qty: '2', side: 'short' })).toMatchObject({ quantity: -2 });
    expect(positionOf({ symbol: 'XYZ1260417C00090000', qty: '-1' })).toMatchObject({ underlying: 'XYZ' });
    expect(positionOf({ symbol: PUT, qty: '1' })).toMatchObject({ underlying: 'SPY' });
    expect(() => positionOf({ symbol: PUT })).toThrow(/qty is missing/);
    expect(activityOf({ id: '20260105150000123::x', activity_type: 'OPNEW', net_amount: '-1.25' })).toMatchObject({
      kind: 'other',
      code: 'OPNEW',
      netCash: -125,
      at: Date.UTC(2026, 0, 5, 20, 0, 0, 123),
    });
    for (const code of ['OPEXC', 'OPXRC']) expect(activityOf({ id: 'x', activity_type: code }).kind).toBe('exercise');
  });

  it('one that the broker cancelled moved nothing and confirms nothing; a corrected one stands as it is told', () => {
    const dividend = { id: '20260105150000123::x', activity_type: 'DIV', symbol: 'KO', net_amount: '24.00' };
    expect(activityOf({ ...dividend, status: 'canceled' })).toMatchObject({
      kind: 'other',
      code: 'DIV',
      netCash: 0,
      cancelled: true,
    });
    expect(activityOf({ id: 'x', activity_type: 'OPASN', qty: '1', status: 'canceled' }).kind).toBe('other');
    for (const status of ['executed', 'correct']) {
      const told = activityOf({ ...dividend, status });
      expect(told).toMatchObject({ kind: 'dividend', netCash: 2_400 });
      expect(told).not.toHaveProperty('cancelled');
    }
  });

  it('works out what a fill moved, since Alpaca’s trade activities carry no amount: 2 puts sold at 1.37 bring 274 dollars', () => {
    const fill = { id: '20260105150000123::x', activity_type: 'FILL', side: 'sell', qty: '2', price: '1.37' };
    expect(activityOf({ ...fill, symbol: 'SPY260417P00500000' })).toMatchObject({ quantity: -2, netCash: 27_400 });
    expect(activityOf({ ...fill, symbol: 'SPY', side: 'buy', qty: '10', price: '500.01' })).toMatchObject({ netCash: -500_010 });
    expect(activityOf({ ...fill, symbol: 'SPY260417P00500000', net_amount: '273.98' })).toMatchObject({ netCash: 27_398 });
  });

  it('takes money moved in or out for what it is, and a fill late in the evening for New York’s day', () => {
    expect(activityOf({ id: 'x', activity_type: 'CSW', net_amount: '-500' })).toMatchObject({
      kind: 'transfer',
      netCash: -50_000,
    });
    const fill = { activity_type: 'FILL', symbol: 'SPY', qty: '1', price: '5' };
    expect(activityOf({ ...fill, id: '20260105200000000::x', transaction_time: '2026-01-06T01:00:00Z' }).date).toBe('2026-01-05');
    // An id alone tells New York's time.
    const { at, date } = activityOf({ ...fill, id: '20260105200000123::x' });
    expect({ at: new Date(at).toISOString(), date }).toEqual({ at: '2026-01-06T01:00:00.123Z', date: '2026-01-05' });
  });

  it('an update of a kind that nobody knows becomes a word to the owner, never a guess', () => {
    const update = { event: 'trade_bust', order: MLEG, timestamp: '2026-01-05T15:00:01Z' };
    expect(reportOfUpdate(update, () => true, instant(5))).toMatchObject({ kind: 'unknownMessage' });
    expect(reportOfUpdate(update, () => false, instant(5))).toEqual({ kind: 'external', brokerOrderId: 'o1' });
    const fill = {
      event: 'fill',
      price: '-0.57',
      qty: '1',
      order: MLEG,
      timestamp: '2026-01-05T15:00:01Z',
      legs: [
        { symbol: PUT, qty: '1', price: '2.10', execution_id: 'e1', commission: '0.1' },
        { symbol: LOWER, qty: '1', price: '1.53', execution_id: 'e2' },
      ],
    };
    expect(reportOfUpdate(fill, () => true, instant(5))).toMatchObject({
      kind: 'orderFilled',
      netPrice: 0.57,
      executionId: 'e1',
      legs: [
        { symbol: PUT, contracts: -1, price: 2.1 },
        { symbol: LOWER, contracts: 1, price: 1.53 },
      ],
    });
  });

  it('our orders come back from the wire as they were sent, whatever their sign and shape', () => {
    const leg = fc.record({
      symbol: fc.constantFrom(PUT, LOWER),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      ratio: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 2, maxLength: 4 }), fc.integer({ min: -2000, max: 2000 }), (legs, cents) => {
        const order: IdentifiedOrder = {
          intentId: '1',
          attempt: 1,
          clientOrderId: 'c',
          assetClass: 'option',
          underlying: 'SPY',
          legs: legs.map((one) => ({ ...one, intent: one.side === 'buy' ? 'buyToOpen' : 'sellToOpen' })),
          contracts: 3,
          netLimit: cents / 100,
          timeInForce: 'day',
          purpose: 'open',
        };
        const sent = postOrderRequestOf(order);
        expect(Number(sent.limitPrice)).toBeCloseTo(-cents / 100, 9);
        expect(sent.limitPrice).not.toBe('-0.00');
        const echoed = orderOf({
          filled_qty: '0',
          id: 'o',
          client_order_id: sent.clientOrderId,
          order_class: 'mleg',
          qty: sent.qty,
          limit_price: sent.limitPrice,
          status: 'new',
          legs: sent.legs?.map((one) => ({
            symbol: one.symbol,
            side: one.side,
            ratio_qty: one.ratioQty,
            position_intent: one.positionIntent,
          })),
        });
        expect(echoed.netLimit).toBeCloseTo(order.netLimit, 9);
        expect(echoed.legs).toEqual(order.legs);
        expect(echoed.contracts).toBe(3);
      }),
    );
  });
});
