import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import type { ChainSnapshot, ExpirationSlice, SideColumns } from '#domain/market/chain';
import { isAdjusted, underlyingOfRoot } from '#domain/market/instrument';
import { optionLegs } from '#domain/structures/anatomy';
import { isoDate } from '#domain/units';
import { scanMarket } from '#engine/scanner/scan';
import { createScanMemory } from '#engine/scanner/scanMemory';
import { EngineDesk, TODAY } from '#support/engineDesk';
import { chainOf } from '#support/putChain';
import { EmbeddedMarket } from '../scanner/embeddedMarket.ts';
import { onlyPosition } from './spread.ts';

const NOW = atNewYork(TODAY, '11:00');
const TERMS = ['2026-04-17', '2026-05-15'].map((date) => ({ expiration: isoDate(date), volatility: 0.35 }));

/** The same strikes and days under another root. */
function under(root: string, slices: readonly ExpirationSlice[]): ExpirationSlice[] {
  const named = (side: SideColumns) => ({ ...side, symbols: side.symbols.map((symbol) => symbol.replace(/^XYZ/, root)) });
  return slices.map((slice) => ({ ...slice, root, calls: named(slice.calls), puts: named(slice.puts) }));
}

/** XYZ at 95 after a spin-off worth 5: its own options, and before them the old ones, which deliver both. */
function afterSpinOff(root = 'XYZ1'): ChainSnapshot {
  const own = chainOf(NOW, 95, TERMS);
  return { ...own, slices: [...under(root, chainOf(NOW, 100, TERMS).slices), ...own.slices] };
}

const embedded = new EmbeddedMarket(7);
embedded.open();

function scanned(chain: ChainSnapshot) {
  const input = embedded.scanInput();
  const { market } = scanMarket({
    ...input,
    memory: createScanMemory(),
    now: NOW,
    today: TODAY,
    chains: [chain],
    histories: new Map(),
  });
  const [view] = market.underlyings;
  if (!view) throw new Error('XYZ was left out');
  return { view, proposals: input.strategies.flatMap(({ strategy }) => strategy.propose(market)) };
}

describe('adjusted contracts', () => {
  it('are known by the digit behind the underlying’s root; weeklies are none', () => {
    expect(['XYZ1', 'XYZ2', 'XYZ', 'XYZW'].map((root) => isAdjusted({ root, underlying: 'XYZ' }))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['XYZ1', 'XYZ', 'SPXW'].map(underlyingOfRoot)).toEqual(['XYZ', 'XYZ', 'SPXW']);
  });

  it('are not scanned as the standard ones: no strategy proposes one, and the 30-day volatility is the standard one’s 35 %', () => {
    const { view, proposals } = scanned(afterSpinOff());
    expect(view.expirations.map(({ slice }) => slice.root)).toEqual(['XYZ']);
    expect(view.iv30).toBeCloseTo(0.35, 2);
    const options = proposals.flatMap(({ legs }) => optionLegs(legs));
    expect(options.length).toBeGreaterThan(3);
    expect(new Set(options.map(({ contract }) => contract.root))).toEqual(new Set(['XYZ']));
  });

  it('weeklies of the same days are scanned as they were', () => {
    expect(scanned(afterSpinOff('XYZW')).view.expirations.map(({ slice }) => slice.root)).toEqual(['XYZW', 'XYZ']);
  });

  it('that are held are shown, valued and can be closed; they are joined with nothing else', () => {
    const adjusted = 'XYZ1260417P00095000';
    const standard = 'XYZ260417P00090000';
    const desk = new EngineDesk();
    desk.price('XYZ', 95).price(adjusted, 2.1).price(standard, 2.6);
    desk.chain = () => afterSpinOff();
    desk.hold(adjusted, 1);
    desk.start().pass(300);
    expect(onlyPosition(desk)).toMatchObject({ underlying: 'XYZ', structure: 'longPut', legs: [{ symbol: adjusted }] });
    expect(desk.engine.view().positions[0]?.mark?.midValue).toBe(21_000);
    desk.hold(standard, -1);
    desk.pass(300);
    expect(desk.engine.view().positions).toHaveLength(2);
    const joined = desk.command({ kind: 'adoptPosition', symbols: [adjusted, standard], strategyId: 'manual' });
    expect(joined).toMatchObject({ kind: 'refused', message: expect.stringContaining('deliver something else') });
    const closing = desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    expect(closing).toMatchObject({ kind: 'done' });
    expect(desk.only().request).toMatchObject({ purpose: 'close', legs: [{ symbol: adjusted, side: 'sell' }] });
  });
});
