import { firstItem } from '#support/firstItem';
import type { Client } from '#wire/client';
import type { Words } from './inputs.ts';

/** What wishes may name at this desk now: listed contracts, a spread of them, what is held and worked, settings, proofs. */
export async function wordsOf(client: Client, proofs: readonly string[], nonces: readonly string[]): Promise<Words> {
  const rows = await firstItem(client, 'chain.underlyings', {}, (items) =>
    items.some(({ expirations }) => expirations.length > 3),
  );
  const { underlying = 'SPY', expirations = [] } = rows.find((row) => row.expirations.length > 3) ?? {};
  const expiration = expirations.find(({ daysToExpiration }) => daysToExpiration >= 25)?.date ?? expirations[0]?.date ?? '';
  const chain = await firstItem(client, 'chain.view', { underlying, expiration }, (view) => view.rows.length > 10);
  const puts = chain.rows.flatMap(({ strike, put }) => (put && strike < (chain.spot ?? 0) * 0.97 ? [put.symbol] : []));
  const [long = '', short = ''] = puts.slice(-4);
  const held = await firstItem(client, 'positions.list', {}, () => true);
  const orders = await firstItem(client, 'orders.list', {}, () => true);
  const decisions = await client.query('decisions.funnel', { limit: 5 });
  return {
    symbol: [...puts.slice(-6), underlying, 'SPY', 'XXX991231C00001000'],
    symbols: [[short], [short, long]],
    legs: [
      [
        { symbol: short, ratio: -1 },
        { symbol: long, ratio: 1 },
      ],
      [{ symbol: long, ratio: 1 }],
      [{ symbol: short, ratio: -1 }],
    ],
    contracts: [1, 2, null, 1_000],
    netLimit: [0.2, 0.4, 0.7, -1, 5, null],
    positionId: [...held.positions.map(({ position }) => position.positionId), 'p1', 'p999'],
    intentId: [...orders.map(({ intentId }) => intentId).slice(0, 10), 'i1', 'i999'],
    decisionId: ['d1', 'd2', `d${decisions.length}`],
    tradeId: ['t1', 't-none'],
    underlying: [underlying, 'KO', 'QQQQQQ'],
    expiration: [expiration, '2026-02-30', '9999-12-31'],
    strategyId: ['bull_put_spread', 'iron_condor', 'manual', '__proto__'],
    alertId: ['a1', 'a999999999'],
    breaker: ['dailyLoss', 'toString'],
    speed: [0.1, 1, 60],
    commandId: Array.from({ length: 400 }, (_, n) => `fuzz-${performance.now().toString(36).replace('.', '-')}-${n}`),
    reason: ['fuzzed', "'; DROP TABLE events; --", '\ud800', 'x'.repeat(500)],
    notes: ['', 'x'.repeat(10_000), '<img src=x onerror=alert(1)>'],
    word: ['RESUME', 'resume'],
    nonce: nonces,
    proof: proofs,
    path: [
      'risk.maxPositions',
      'risk.maxRiskPerTradeFraction',
      'protection.maxLoopLagMs',
      'strategies.iron_condor.mode',
      'strategies.__proto__.mode',
      '__proto__.polluted',
      'constructor.prototype.polluted',
      'risk.__proto__.polluted',
      'risk',
      'nothing.of.it',
      '.',
    ],
    value: [3, 7, 0, -1, 1e308, 'off', '5', true, null, {}, [], { polluted: true }],
    format: ['csv', 'schema'],
  };
}
