import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '#engine/engine';
import type { EngineDesk } from '#support/engineDesk';
import { LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

/** What must survive a restart, as the window sees it. */
function durable(engine: Engine): unknown {
  const view = engine.view();
  return {
    positions: view.positions.map(({ position }) => position),
    orders: view.orders,
    works: [...view.works],
    breakers: view.breakers,
    awaiting: view.awaiting,
    pausedSymbols: [...view.pausedSymbols],
    results: [...view.results],
    killHistory: view.killHistory,
    day: view.day,
    lastDifferences: view.lastDifferences,
  };
}

type Step = (desk: EngineDesk) => void;

const STEPS: Readonly<Record<string, Step>> = {
  sell: (desk) => void sellSpread(desk, 3),
  close: (desk) => {
    const [held] = desk.engine.view().positions;
    if (held) desk.command({ kind: 'closePosition', positionId: held.position.positionId, contracts: null, netLimit: null });
  },
  fillOne: (desk) => {
    const [order] = desk.resting();
    if (order) desk.fills(order, 1);
  },
  fillAll: (desk) => {
    const [order] = desk.resting();
    if (order) desk.fills(order);
  },
  fillUnheard: (desk) => {
    const [order] = desk.resting();
    if (order) desk.fill(order, 1);
  },
  fillTwiceTold: (desk) => {
    const [order] = desk.resting();
    if (!order) return;
    const report = desk.fill(order, 1);
    desk.report(report);
    desk.report(report);
  },
  cancel: (desk) => {
    const [order] = desk.resting();
    if (order) desk.command({ kind: 'cancelOrder', intentId: order.request.intentId });
  },
  loseCancels: (desk) => {
    desk.cancels = 'lost';
  },
  confirmCancels: (desk) => {
    desk.cancels = 'confirmed';
  },
  timeOutAccepted: (desk) => {
    desk.submission = 'timesOutAfterAcceptance';
  },
  timeOutLost: (desk) => {
    desk.submission = 'timesOutBeforeAcceptance';
  },
  silence: (desk) => {
    desk.submission = 'silent';
  },
  reject: (desk) => {
    desk.submission = 'rejects';
  },
  answer: (desk) => {
    desk.submission = 'works';
  },
  second: (desk) => void desk.pass(1),
  tenSeconds: (desk) => void desk.pass(10),
  minutes: (desk) => void desk.pass(301),
  profit: (desk) => void desk.price(SHORT, 0.9).price(LONG, 0.32),
  loss: (desk) => void desk.price(SHORT, 5.2).price(LONG, 1.4),
  kill: (desk) => void desk.start(),
  stopEntries: (desk) => void desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'test' }),
  flatten: (desk) => void desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'test' }),
  release: (desk) => void desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 5000, reason: 'test' }),
};

function heldAtBroker(desk: EngineDesk): Record<string, number> {
  return Object.fromEntries(desk.holdings);
}

describe('restart', () => {
  it('in every phase of a day knows what the engine that went on knows', () => {
    const phases = ['sell', 'fillOne', 'tenSeconds', 'fillAll', 'profit', 'minutes', 'fillOne', 'second', 'fillAll', 'minutes'];
    for (let stop = 0; stop <= phases.length; stop += 1) {
      const desk = quietDesk();
      for (const phase of phases.slice(0, stop)) STEPS[phase]?.(desk);
      expect(durable(desk.folded()), `after ${phases.slice(0, stop).join(', ')}`).toEqual(durable(desk.engine));
    }
  });

  it('takes back what was working: stale intentions die, and nothing is sent twice', () => {
    const desk = quietDesk();
    sellSpread(desk, 3);
    desk.fills(desk.only(), 2);
    desk.start();
    expect(desk.resting()).toHaveLength(0);
    expect(onlyPosition(desk).units).toBe(2);
    expect(desk.orders.size).toBe(1);
  });

  it('between the journal and the wire proves that nothing was sent before the next order', () => {
    const desk = quietDesk();
    desk.submission = 'timesOutBeforeAcceptance';
    sellSpread(desk);
    desk.start();
    desk.pass(30);
    expect(desk.engine.view().orders[0]?.status).toBe('notSent');
    expect(desk.orders.size).toBe(0);
  });

  it('goes on with an exit that had begun', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.fills();
    desk.price(SHORT, 5.2).price(LONG, 1.4).pass(61);
    const { id, request } = desk.only();
    expect(request.purpose).toBe('close');
    // The order of the session that is over is taken back, and the exit goes on at once from fresh quotes.
    desk.start();
    expect(desk.resting().map((order) => order.id)).not.toContain(id);
    expect(desk.only().request).toMatchObject({ purpose: 'close', netLimit: -3.8 });
    desk.price(SHORT, 3).price(LONG, 1.2).pass(70);
    desk.fills();
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('stopLoss');
  });
});

describe('any sequence of orders, faults, restarts and kills', () => {
  it('folds to the same state, keeps one order an intent at most, and ends with the broker’s own book', () => {
    const names = Object.keys(STEPS);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 40 }), (script) => {
        const desk = quietDesk();
        for (const name of script) {
          STEPS[name]?.(desk);
          const intents = desk.resting().map((order) => order.request.intentId);
          expect(new Set(intents).size, `two orders of one intent after ${name}`).toBe(intents.length);
          expect(durable(desk.folded()), `after ${name}`).toEqual(durable(desk.engine));
          const short = desk.holdings.get(SHORT) ?? 0;
          const long = desk.holdings.get(LONG) ?? 0;
          expect(short <= 0 && long >= -short, `${short} short against ${long} long after ${name}`).toBe(true);
        }
        desk.submission = 'works';
        desk.cancels = 'confirmed';
        desk.pass(600);
        if (desk.resting().length === 0) expect(desk.book()).toEqual(heldAtBroker(desk));
      }),
      { numRuns: 150, seed: 20260310 },
    );
  });
});
