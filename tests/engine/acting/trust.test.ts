import { describe, expect, it } from 'vitest';
import { cents } from '#domain/units';
import { askingDesk, waiting, waitsForAnswer } from './sellerDesk.ts';
import { closedTrade, trustDesk } from './trustDesk.ts';

const rungOf = (desk: ReturnType<typeof trustDesk>) => {
  const standing = desk.engine.view().trust.get('manual');
  if (!standing) throw new Error('no standing');
  return standing;
};
const move = (desk: ReturnType<typeof trustDesk>, rung: 'observe' | 'propose' | 'autoSmall' | 'autoFull', reason = 'looked') =>
  desk.command({ kind: 'setTrust', strategyId: 'manual', rung, reason });

describe('the trust ladder', () => {
  it('starts where the venue’s setting says: full on the embedded exchange', () => {
    expect(rungOf(trustDesk())).toMatchObject({ rung: 'autoFull', next: null });
    expect(rungOf(trustDesk({ trust: { startEmbedded: 'propose' } }))).toMatchObject({ rung: 'propose' });
  });

  it('goes up by one rung, with twenty trades, a positive lower bound and the owner’s hand; never by itself', () => {
    const desk = trustDesk({ trust: { startEmbedded: 'propose' } });
    expect(move(desk, 'autoSmall')).toMatchObject({ kind: 'refused' });
    for (let trade = 0; trade < 19; trade += 1) closedTrade(desk, trade % 4 === 0 ? -40 : 60);
    expect(rungOf(desk).next?.gates.map(({ gate, passed }) => [gate, passed])).toEqual([
      ['closedTrades', false],
      ['expectancyLowerBound', true],
      ['breakerTrips', true],
    ]);
    closedTrade(desk, 60);
    expect(rungOf(desk)).toMatchObject({ rung: 'propose' });
    expect(rungOf(desk).next?.gates.every(({ passed }) => passed)).toBe(true);
    expect(move(desk, 'autoFull')).toMatchObject({ kind: 'refused', reasons: [{ gate: 'oneRungAtATime' }] });
    expect(move(desk, 'autoSmall', ' ').kind).toBe('refused');
    expect(move(desk, 'autoSmall').kind).toBe('done');
    expect(rungOf(desk)).toMatchObject({ rung: 'autoSmall', by: 'owner (desktop)' });
    // A new rung begins anew: the same trades do not count twice.
    expect(move(desk, 'autoFull').kind).toBe('refused');
    expect(desk.factsOf('TrustChanged')[0]?.evidence).toHaveLength(3);
  });

  it('twenty trades of which the mean could be luck are not enough', () => {
    const desk = trustDesk({ trust: { startEmbedded: 'propose' } });
    for (let trade = 0; trade < 20; trade += 1) closedTrade(desk, trade % 2 === 0 ? 500 : -490);
    expect(move(desk, 'autoSmall')).toMatchObject({ kind: 'refused', reasons: [{ gate: 'expectancyLowerBound' }] });
  });

  it('goes down by itself: six losing trades in a row cost a rung, the next six another', () => {
    const desk = trustDesk({ protection: { strategyLosingStreak: 100 } });
    for (let trade = 0; trade < 5; trade += 1) closedTrade(desk, -10);
    expect(rungOf(desk).rung).toBe('autoFull');
    closedTrade(desk, -10);
    expect(rungOf(desk)).toMatchObject({ rung: 'autoSmall', by: 'engine', reason: 'losingStreak: 6 against 6 trades' });
    expect(desk.notes).toContain('manual lost a rung: autoSmall');
    for (let trade = 0; trade < 6; trade += 1) closedTrade(desk, -10);
    expect(rungOf(desk).rung).toBe('propose');
  });

  it('goes down by a fall of its own results, by a breaker, and by fills far worse than decided', () => {
    const fall = trustDesk({ protection: { strategyLosingStreak: 100 } });
    closedTrade(fall, -4_001);
    expect(rungOf(fall)).toMatchObject({ rung: 'autoSmall' });
    expect(rungOf(fall).reason).toMatch(/^strategyDrawdown/);
    const breaker = trustDesk({ protection: { strategyLosingStreak: 3 } });
    for (let trade = 0; trade < 3; trade += 1) closedTrade(breaker, -10);
    expect(rungOf(breaker).reason).toMatch(/^breakerTrips/);
    const fills = trustDesk({ protection: { slippageOutlierDollars: 0.01 }, trust: { demoteOutliers: 2 } });
    for (let trade = 0; trade < 2; trade += 1) closedTrade(fills, -20);
    expect(rungOf(fills).reason).toMatch(/^slippageOutliers/);
  });

  it('goes down by hand as far as the owner likes, and stands there after a restart', () => {
    const desk = trustDesk();
    expect(move(desk, 'observe').kind).toBe('done');
    desk.start();
    expect(rungOf(desk)).toMatchObject({ rung: 'observe', reason: 'looked' });
    expect(desk.folded().view().trust.get('manual')).toEqual(rungOf(desk));
  });

  it('bounds what the strategy’s mode allows: auto on “propose” asks first, on “auto small” sends one contract', () => {
    const asking = askingDesk('auto', { trust: { startEmbedded: 'propose' } });
    waitsForAnswer(asking);
    expect(asking.factsOf('OrderIntended')).toHaveLength(0);
    const small = askingDesk('auto', { trust: { startEmbedded: 'autoSmall' } });
    small.pass(60);
    expect(small.factsOf('OrderIntended')[0]?.request.contracts).toBe(1);
    const full = askingDesk('auto');
    full.pass(60);
    expect(full.factsOf('OrderIntended')[0]?.request.contracts).toBeGreaterThan(1);
    const held = askingDesk('approve');
    waitsForAnswer(held);
    expect(waiting(held)).toHaveLength(1);
    expect(held.factsOf('OrderIntended')).toHaveLength(0);
  });

  it('counts an observed proposal once, by its end: the mark of its first evening is no result', () => {
    const desk = askingDesk('auto', { trust: { startEmbedded: 'observe' } });
    desk.pass(6.7 * 3_600);
    const observed = desk.factsOf('ProposalDecided').map(({ decision }) => decision);
    expect(observed.map(({ reasons }) => reasons)).toEqual([['observeOnly']]);
    const [first] = observed;
    expect(desk.factsOf('CounterfactualMarked')).toMatchObject([{ decisionId: first?.decisionId, basis: 'mid' }]);
    const counted = () =>
      desk
        .folded()
        .view()
        .trust.get('seller')
        ?.next?.gates.find(({ gate }) => gate === 'observations')?.value;
    expect(counted()).toBe(0);
    const decisionId = first?.decisionId ?? '';
    const end = {
      kind: 'CounterfactualMarked',
      decisionId,
      pnlPerUnit: cents(11_000),
      basis: 'expiration',
      daysHeld: 38,
    } as const;
    desk.facts.push({ at: desk.now, fact: end }, { at: desk.now, fact: end });
    expect(counted()).toBe(1);
  });
});
