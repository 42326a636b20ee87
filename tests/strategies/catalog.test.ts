import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Position } from '#domain/portfolio/position';
import { uncoveredShorts } from '#domain/structures/coverage';
import { recogniseStructure } from '#domain/structures/name';
import { scanMarket } from '#engine/scanner/scan';
import type { MarketView } from '#ports/strategy';
import { CATALOG } from '#strategies/catalog';
import { EmbeddedMarket } from '../engine/scanner/embeddedMarket.ts';

const FOLDER = new URL('../../src-main/strategies/', import.meta.url);

function preparedMarket(): MarketView {
  const market = new EmbeddedMarket(3);
  market.open();
  market.walkTo(90);
  return scanMarket(market.scanInput()).market;
}

const market = preparedMarket();
const nothing: MarketView = { ...market, underlyings: [] };
const noExpirations: MarketView = { ...market, underlyings: market.underlyings.map((view) => ({ ...view, expirations: [] })) };

describe('the catalogue', () => {
  it('lists every *.strategy.ts file, each under its file name', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.strategy.ts'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    expect(CATALOG.map(({ id }) => `${id}.strategy.ts`).sort()).toEqual(files.sort());
  });

  it('every parameter has a unit, a description and a default', () => {
    for (const { id, schema } of CATALOG) {
      expect(schema).toBeInstanceOf(z.ZodObject);
      const json = z.toJSONSchema(schema, { io: 'input' });
      for (const [name, field] of Object.entries(json.properties ?? {})) {
        expect(field, `${id}.${name}`).toMatchObject({
          unit: expect.any(String),
          description: expect.any(String),
          default: expect.anything(),
        });
      }
    }
  });

  it('a wrong setting is refused by name', () => {
    for (const entry of CATALOG) expect(() => entry.configure({ shortDelta: 7 }), entry.id).toThrow(/shortDelta/);
  });
});

describe.each(CATALOG.map((entry) => [entry.id, entry] as const))('%s', (id, entry) => {
  const configured = entry.configure({});

  it('takes each of its three profiles', () => {
    for (const profile of Object.values(entry.profiles)) expect(() => entry.configure(profile)).not.toThrow();
    expect(entry.configure(entry.profiles.conservative).parameters).not.toEqual(
      entry.configure(entry.profiles.aggressive).parameters,
    );
  });

  it('proposes nothing where there is nothing', () => {
    expect(configured.propose(nothing)).toEqual([]);
    expect(configured.propose(noExpirations)).toEqual([]);
  });

  it('proposes on a real chain: legs of one listed expiration, inside its window, its own name and id', () => {
    const proposals = configured.propose(market);
    expect(proposals.length).toBeGreaterThan(5);
    for (const proposal of proposals) {
      expect(proposal.strategyId).toBe(id);
      expect(recogniseStructure(proposal.legs)).toBe(proposal.structure);
      expect(proposal.expiration.daysToExpiration).toBeGreaterThanOrEqual(configured.window.minDaysToExpiration);
      expect(proposal.expiration.daysToExpiration).toBeLessThanOrEqual(configured.window.maxDaysToExpiration);
      for (const leg of proposal.legs)
        if (leg.kind === 'option') expect(leg.contract.expiration).toBe(proposal.expiration.slice.expiration);
      for (const name of ['dte', 'shortDelta', 'width', 'ivRankMin']) expect(proposal.parameters).toHaveProperty(name);
    }
  });

  it('never leaves a call uncovered, and a put only where cash stands behind it', () => {
    for (const { legs } of configured.propose(market)) {
      expect(uncoveredShorts(legs)).toEqual({ calls: 0, puts: id === 'cash_secured_put' ? 1 : 0 });
    }
  });

  it('is deterministic and does not change what it looks at', () => {
    const legs = () => configured.propose(market).map((proposal) => proposal.legs);
    expect(legs()).toEqual(legs());
  });

  it('holds on in a market without greeks: nothing is proposed, nothing throws', () => {
    const blind = market.underlyings.map((view) => ({
      ...view,
      expirations: view.expirations.map((expiration) => {
        const n = expiration.slice.strikes.length;
        const none = new Float64Array(n).fill(Number.NaN);
        const side = {
          impliedVolatility: none,
          delta: none,
          gamma: none,
          thetaPerDay: none,
          vegaPerPoint: none,
          usable: new Uint8Array(n),
        };
        const { slice, daysToExpiration, years, forward, discount, forecast, forecastVolatility } = expiration;
        return { slice, daysToExpiration, years, forward, discount, forecast, forecastVolatility, calls: side, puts: side };
      }),
    }));
    expect(configured.propose({ ...market, underlyings: blind })).toEqual([]);
  });

  it('its exit plan answers for every position, without a market too', () => {
    const [proposal] = configured.propose(market);
    const position = {
      strategyId: id,
      underlying: proposal?.underlying ?? '',
      exitPlan: proposal?.exitPlan,
    } as unknown as Position;
    expect(configured.manage(position, nothing)).toEqual(proposal?.exitPlan);
  });
});

describe('covered calls', () => {
  const entry = CATALOG.find(({ id }) => id === 'covered_call');

  it('sell against a hundred free shares instead of buying more', () => {
    const owned: MarketView = { ...market, freeShares: new Map(market.underlyings.map(({ underlying }) => [underlying, 100])) };
    for (const { legs } of entry?.configure({}).propose(owned) ?? []) expect(legs.map(({ kind }) => kind)).toEqual(['option']);
    for (const { legs } of entry?.configure({}).propose(market) ?? [])
      expect(legs.map(({ kind }) => kind)).toEqual(['stock', 'option']);
  });

  it('do nothing without shares when buying is switched off', () => {
    expect(entry?.configure({ buyShares: false }).propose(market)).toEqual([]);
  });
});
