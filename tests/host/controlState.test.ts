import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { cents, plusMs } from '#domain/units';
import type { EngineView } from '#engine/view';
import type { Desk } from '#host/desk';
import { missingOf, stateOf } from '#host/safety/controlState';
import { CONTROLS, type Control } from '#host/safety/controls';
import { EngineDesk, TODAY } from '#support/engineDesk';
import { holdingSpread, SHORT } from '../engine/acting/spread.ts';

const control = (title: string): Control => {
  const found = CONTROLS.find((candidate) => candidate.title === title);
  if (!found) throw new Error(title);
  return found;
};

const viewWith = (settings: Readonly<Record<string, unknown>> = {}): EngineView =>
  new EngineDesk({ settings }).price('XYZ', 100).start().engine.view();

/** A desk as far as a control looks at it: mode, venue, watchdog, key store. */
function deskAt(quality: Desk['parts']['quality'], mode: Desk['parts']['mode'] = 'paper'): Desk {
  const unasked = (): never => {
    throw new Error('no control looks at this');
  };
  const parts: Partial<Desk['parts']> = { quality, mode };
  return new Proxy<Desk>(Object.create(null), { get: (_, name) => (name === 'parts' ? parts : unasked()) });
}

describe('the state of a control', () => {
  it('says off where there is no ceiling, and in force with one of the settings or of a running arming', () => {
    const ceiling = control('Capital ceiling');
    const desk = deskAt('nbbo', 'live');
    const none = viewWith();
    expect(stateOf(ceiling, none, desk)).toBe('off');
    expect(stateOf(ceiling, viewWith({ risk: { capitalCeilingDollars: 5_000 } }), desk)).toBe('holding');
    const arming = {
      account: 'PA1',
      ceilingDollars: 5_000,
      at: none.now,
      until: plusMs(none.now, 1_000),
      by: 'owner',
      build: 'x',
    };
    expect(stateOf(ceiling, { ...none, arming }, desk)).toBe('holding');
    expect(stateOf(ceiling, { ...none, arming: { ...arming, until: none.now } }, desk)).toBe('off');
  });

  it('says off on the embedded exchange for what only a broker has, and acting while real money is not armed', () => {
    const view = viewWith();
    for (const title of ['Live and paper apart', 'Rate limits'])
      expect(stateOf(control(title), view, deskAt('simulated')), title).toBe('off');
    expect(stateOf(control('Live and paper apart'), view, deskAt('nbbo'))).toBe('holding');
    expect(stateOf(control('Live and paper apart'), view, deskAt('nbbo', 'live'))).toBe('acting');
    expect(stateOf(control('Rate limits'), view, deskAt('indicative'))).toBe('builtIn');
  });

  it('says off when its setting is 0', () => {
    expect(stateOf(control('Duplicates'), viewWith(), deskAt('nbbo'))).toBe('asked');
    expect(stateOf(control('Duplicates'), viewWith({ risk: { duplicateWindowSeconds: 0 } }), deskAt('nbbo'))).toBe('off');
  });

  it('says which part of it holds nothing back: no earnings are known, a trigger only tells', () => {
    const hours = control('Instruments and hours');
    expect(missingOf(hours, viewWith(), deskAt('nbbo'))).toBe('No earnings dates are known: that part holds nothing back.');
    const view = viewWith();
    const today = view.book.today;
    expect(missingOf(hours, { ...view, book: { ...view.book, earningsOf: () => [today] } }, deskAt('nbbo'))).toBe('');
    expect(missingOf(hours, viewWith({ scanner: { earningsBlackoutDays: 0 } }), deskAt('nbbo'))).toBe('Earnings are not asked.');
    const triggers = control('Automatic triggers');
    expect(missingOf(triggers, viewWith(), deskAt('nbbo'))).toBe('');
    const mild = viewWith({ protection: { severities: { drift: 'low' } } });
    expect(missingOf(triggers, mild, deskAt('nbbo'))).toBe('Told only, nothing is stopped: drift.');
  });

  it('is acting when one of its breakers is tripped, and unknown without an account', () => {
    const desk = new EngineDesk().price('XYZ', 100).start();
    desk.equity = cents(9_000_000);
    desk.pass(61);
    expect(stateOf(control('Loss stops'), desk.engine.view(), deskAt('nbbo'))).toBe('acting');
    const view = viewWith();
    expect(stateOf(control('Account flags'), { ...view, book: { ...view.book, account: null } }, deskAt('nbbo'))).toBe('unknown');
  });

  it('is green for no gate that only an order can ask', () => {
    const view = viewWith();
    const green = CONTROLS.filter(({ group }) => group === 'gate').filter(
      (each) => stateOf(each, view, deskAt('simulated')) === 'holding',
    );
    // Losses and the account were looked at; every other gate has nothing to show between two orders.
    expect(green.map(({ title }) => title)).toEqual(['Loss stops', 'Account flags']);
    expect(stateOf(control('Price collar'), view, deskAt('nbbo'))).toBe('asked');
  });

  it('is acting outside the hours, in the first and last minutes, and while an underlying waits for a hand', () => {
    const hours = control('Instruments and hours');
    const at = (time: string) =>
      stateOf(hours, new EngineDesk({ at: atNewYork(TODAY, time) }).start().engine.view(), deskAt('nbbo'));
    // Entries from five minutes after the open until ten minutes before the close.
    expect(['09:00', '09:34', '09:36', '15:49', '15:51', '16:30'].map(at)).toEqual([
      'acting',
      'acting',
      'asked',
      'asked',
      'acting',
      'acting',
    ]);
    const desk = new EngineDesk().price('XYZ', 100).start();
    desk.command({ kind: 'pauseSymbol', underlying: 'XYZ', paused: true });
    expect(stateOf(hours, desk.engine.view(), deskAt('nbbo'))).toBe('acting');
  });

  it('is acting during a cool-down, and asked again when it is over', () => {
    const view = viewWith();
    const cooling = {
      breaker: 'stop:XYZ',
      severity: 'medium' as const,
      at: view.now,
      date: null,
      detail: '',
      scope: { level: 'position' as const, underlying: 'XYZ' },
      until: plusMs(view.now, 60_000),
    };
    const repeated = control('Repeated execution');
    expect(stateOf(repeated, { ...view, breakers: [cooling] }, deskAt('nbbo'))).toBe('acting');
    expect(stateOf(repeated, view, deskAt('nbbo'))).toBe('asked');
  });

  it('is acting when the account is blocked, in deficit, silent about it, or was looked at too long ago', () => {
    const flags = control('Account flags');
    const view = viewWith();
    const { account } = view.book;
    if (account === null) throw new Error('no account');
    const states = [
      {},
      { tradingBlocked: true },
      { suspendedByUser: null },
      { marginDeficit: cents(1) },
      { marginDeficit: null },
      { optionsLevel: null },
    ].map((told) => stateOf(flags, { ...view, book: { ...view.book, account: { ...account, ...told } } }, deskAt('nbbo')));
    expect(states).toEqual(['holding', 'acting', 'acting', 'acting', 'acting', 'acting']);
    const old = plusMs(view.now, -1_000 * (view.settings.risk.maxSnapshotAgeSeconds + 1));
    expect(stateOf(flags, { ...view, book: { ...view.book, snapshotAt: old } }, deskAt('nbbo'))).toBe('acting');
  });

  it('is acting over a loss at its limit, and over one that is not known', () => {
    const losses = control('Loss stops');
    const view = viewWith();
    expect(stateOf(losses, { ...view, book: { ...view.book, dayStartEquity: null } }, deskAt('nbbo'))).toBe('acting');
    // Five per cent of the day's start.
    const fallen = { ...view, book: { ...view.book, dayStartEquity: cents(10_000_000), equity: cents(9_500_000) } };
    expect(stateOf(losses, fallen, deskAt('nbbo'))).toBe('acting');
  });

  it('says of the start and of the day what the engine says: no look yet, no agreement yet, unexplained', () => {
    const [start, day] = [control('At the start'), control('All day')];
    const states = (desk: EngineDesk) => [start, day].map((each) => stateOf(each, desk.engine.view(), deskAt('nbbo')));
    const silent = new EngineDesk();
    silent.snapshots = 'failing';
    expect(states(silent.price('XYZ', 100).start())).toEqual(['acting', 'unknown']);
    expect(states(new EngineDesk().price('XYZ', 100).start())).toEqual(['holding', 'holding']);
    // We are short one put, the broker says long two: in the middle of the day first, then at a start.
    const differing = holdingSpread();
    differing.hold(SHORT, 3);
    differing.pass(33);
    expect(differing.engine.view().breakers).toEqual([]);
    expect(states(differing)).toEqual(['holding', 'acting']);
    expect(states(differing.start())).toEqual(['acting', 'holding']);
  });
});
