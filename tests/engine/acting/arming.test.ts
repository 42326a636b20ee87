import { describe, expect, it } from 'vitest';
import type { GateResult } from '#domain/decisions/decision';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, quietDesk, sellSpread } from './spread.ts';

const MET: readonly GateResult[] = [{ gate: 'battery', passed: true, value: 1, limit: 1, unit: 'yes/no' }];
const arm = (desk: EngineDesk, ceilingDollars = 1_000, account = 'PA1', evidence = MET) =>
  desk.command({ kind: 'armLive', account, ceilingDollars, evidence });
const refusals = (outcome: ReturnType<typeof sellSpread>): string[] =>
  outcome.kind === 'refused' ? outcome.reasons.filter(({ passed }) => !passed).map(({ gate }) => gate) : [];
const liveDesk = () => quietDesk({ mode: 'live' });

describe('real money', () => {
  it('starts without leave: every opening order is refused as notArmed, and nothing leaves', () => {
    const desk = liveDesk();
    expect(refusals(sellSpread(desk))).toEqual(['notArmed']);
    expect(desk.factsOf('OrderIntended')).toHaveLength(0);
  });

  it('armed, opens; the arming is on record with who, how much, until when and what spoke for it', () => {
    const desk = liveDesk();
    expect(arm(desk)).toMatchObject({ kind: 'done' });
    expect(desk.factsOf('LiveArmed')).toMatchObject([
      {
        arming: { account: 'PA1', build: 'test', ceilingDollars: 1_000, at: desk.now, until: desk.now + 12 * 3_600_000 },
        evidence: MET,
      },
    ]);
    expect(sellSpread(desk).kind).toBe('done');
  });

  it('is not armed for another account, without evidence, or on paper', () => {
    const desk = liveDesk();
    expect(arm(desk, 1_000, 'PA2').kind).toBe('refused');
    expect(arm(desk, 1_000, 'PA1', []).kind).toBe('refused');
    expect(arm(desk, 1_000, 'PA1', [{ gate: 'battery', passed: false, value: 0, limit: 1, unit: 'yes/no' }])).toMatchObject({
      kind: 'refused',
      reasons: [{ gate: 'battery' }],
    });
    expect(arm(quietDesk()).kind).toBe('refused');
    expect(desk.factsOf('LiveArmed')).toHaveLength(0);
    expect(refusals(sellSpread(desk))).toEqual(['notArmed']);
  });

  it('a spread that loses 380 fits under a ceiling of 500 once, not twice, though the owner asks', () => {
    const desk = liveDesk();
    arm(desk, 500);
    expect(sellSpread(desk).kind).toBe('done');
    desk.fills();
    desk.pass(400);
    const second = sellSpread(desk);
    expect(refusals(second)).toEqual(['capitalCeiling']);
    expect(second.kind === 'refused' && second.reasons.find(({ gate }) => gate === 'capitalCeiling')).toMatchObject({
      value: 760,
      limit: 500,
      unit: 'dollars',
    });
  });

  it('the ceiling of the settings holds on paper too, the lower of both with real money', () => {
    const desk = quietDesk({ settings: { risk: { capitalCeilingDollars: 300 } } });
    expect(refusals(sellSpread(desk))).toEqual(['capitalCeiling']);
    const live = quietDesk({ mode: 'live', settings: { risk: { capitalCeilingDollars: 300 } } });
    arm(live, 5_000);
    expect(refusals(sellSpread(live))).toEqual(['capitalCeiling']);
  });

  it('ends by its time: an entry that rests at the broker is taken back, nothing new is opened, and the exit goes', () => {
    const desk = quietDesk({ mode: 'live', settings: { live: { armedHours: 0.1 } } });
    arm(desk);
    sellSpread(desk);
    desk.fills();
    desk.pass(340);
    sellSpread(desk);
    expect(desk.resting()).toHaveLength(1);
    desk.pass(21);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('LiveDisarmed')).toMatchObject([{ reason: 'its time is over', by: 'engine' }]);
    expect(refusals(sellSpread(desk))).toContain('notArmed');
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null }).kind).toBe('done');
    desk.fills();
    expect(desk.engine.view().positions).toHaveLength(0);
  });

  it('is taken back at any time, and asked for again by another build; the same build goes on after a restart', () => {
    const desk = liveDesk();
    arm(desk);
    desk.start();
    desk.pass(60);
    expect(sellSpread(desk).kind).toBe('done');
    desk.fills();
    desk.command({ kind: 'disarmLive', reason: 'enough for today' });
    desk.pass(400);
    expect(refusals(sellSpread(desk))).toEqual(['notArmed']);
    arm(desk);
    desk.program = 'another';
    desk.start();
    desk.pass(400);
    expect(desk.engine.view().arming).toBeNull();
    expect(refusals(sellSpread(desk))).toEqual(['notArmed']);
  });

  it('leaves paper as it was: no leave is asked', () => {
    expect(holdingSpread().engine.view().book.live).toBeNull();
  });
});
