import { describe, expect, it } from 'vitest';
import { cents, plusMs } from '#domain/units';
import type { EngineView } from '#engine/view';
import type { Desk } from '#host/desk';
import { missingOf, stateOf } from '#host/safety/controlState';
import { CONTROLS, type Control } from '#host/safety/controls';
import { EngineDesk } from '#support/engineDesk';

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
    expect(stateOf(control('Duplicates'), viewWith(), deskAt('nbbo'))).toBe('holding');
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
});
