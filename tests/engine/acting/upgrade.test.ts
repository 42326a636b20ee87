import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { occSymbol } from '#domain/market/instrument';
import { type Instant, isoDate, plusMs } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import { EngineDesk } from '#support/engineDesk';
import { LONG, SHORT, sellSpread } from './spread.ts';

const CALL = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'call', strike: 105 });
/** Two 95/90 put spreads sold at 1.20, a covered call on 100 XYZ, and an order for a third spread that still rests. */
const OLDER: readonly { readonly at: Instant; readonly fact: JournalFact }[] = readFileSync(
  new URL('../../support/journalOfOlderBuild.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const RESTING = 'sd-test0001-i4-1-000000000018';
const HELD = { [SHORT]: -2, [LONG]: 2, XYZ: 100, [CALL]: -1 };

/** The newer program on the older one's journal; the broker holds what the older one left. */
function upgraded(): EngineDesk {
  const last = OLDER.at(-1)?.at;
  if (last === undefined) throw new Error('the older journal is empty');
  const desk = new EngineDesk({ at: plusMs(last, 60_000), settings: { risk: { maxPositionsPerSymbol: 5 } } });
  desk.program = 'a newer build';
  desk.inherits(OLDER, [RESTING]).price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).price(CALL, 2);
  for (const [symbol, quantity] of Object.entries(HELD)) desk.hold(symbol, quantity);
  return desk;
}

describe('a program updated while positions are held', () => {
  it('sends nothing and opens nothing until it has seen the account', () => {
    const desk = upgraded();
    desk.snapshots = 'failing';
    desk.start().pass(30);
    const refused = sellSpread(desk, 1, 'after the update');
    expect(refused.kind === 'refused' && refused.reasons.filter(({ passed }) => !passed).map(({ gate }) => gate)).toContain(
      'entriesBlocked',
    );
    expect([...desk.orders.keys()]).toEqual([RESTING]);
  });

  it('takes up the older program’s positions and its order, and finds no difference to the broker', () => {
    const desk = upgraded().start();
    desk.pass(5);
    const { positions, works } = desk.engine.view();
    expect(positions.map(({ position }) => [position.positionId, position.structure, position.units, position.status])).toEqual([
      ['p1', 'bullPutSpread', 2, 'open'],
      ['p2', 'coveredCall', 1, 'open'],
    ]);
    // Nobody of this session wanted the third spread: its order is taken back, not forgotten.
    expect([...works.values()].find(({ positionId }) => positionId === 'p3')?.outcome).toBe('notFilled');
    expect(desk.resting()).toEqual([]);
    const differences = desk.factsOf('Reconciled').flatMap((fact) => fact.differences);
    expect(differences.filter(({ kind }) => kind === 'position' || kind === 'order')).toEqual([]);
    expect(desk.book()).toEqual(HELD);
    expect([...desk.orders.keys()]).toEqual([RESTING]);
  });

  it('closes what the older one opened, and its trade counts from the older entry', () => {
    const desk = upgraded().start();
    desk.pass(5);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 2, netLimit: -1.25 }, 'after the update');
    const close = desk.only();
    expect(close.request).toMatchObject({ purpose: 'close', contracts: 2 });
    desk.fills(close, 2, -1.25);
    const trade = desk.factsOf('PositionClosed').find(({ positionId }) => positionId === 'p1')?.trade;
    // 2 x 100 x (1.20 - 1.25) less the fees of eight contracts.
    expect(trade?.outcome.pnl).toBe(-1000 - (trade?.execution.fees ?? 0));
    expect(trade?.execution.fillCredit).toBe(1.2);
    expect(desk.book()).toEqual({ XYZ: 100, [CALL]: -1 });
  });
});
