import { describe, expect, it } from 'vitest';
import { contract } from '#contract/contract';
import { connect } from '#wire/client';
import { type Handlers, type Role, serve } from '#wire/host';
import { memoryPipes } from '#wire/memoryPipe';

/** Who may send what: stops and answers are an operator's, everything that opens, loosens or configures is the owner's. */
const OPERATOR = [
  'alert.acknowledge',
  'desk.scanNow',
  'killSwitch.throw',
  'live.disarm',
  'order.cancel',
  'proposal.answer',
  'strategy.setMode',
  'symbol.pause',
];
const OWNER = [
  'breaker.reset',
  'credentials.remove',
  'credentials.store',
  'desk.setSpeed',
  'journal.backup',
  'journal.editNote',
  'killSwitch.beginRelease',
  'killSwitch.release',
  'live.arm',
  'live.confirmCode',
  'live.setUpCode',
  'opinion.ask',
  'opinion.forgetKey',
  'opinion.storeKey',
  'order.open',
  'phone.forgetToken',
  'phone.pair',
  'phone.storeToken',
  'phone.test',
  'phone.unpair',
  'position.adopt',
  'position.close',
  'position.roll',
  'position.setExitPlan',
  'settings.change',
  'strategy.configure',
  'strategy.setTrust',
];

const commands = Object.entries(contract).flatMap(([name, call]) => (call.verb === 'command' ? [{ name, role: call.role }] : []));

describe('the roles', () => {
  it('name every command of the contract, each with the role it needs', () => {
    const named = (role: string): string[] =>
      commands
        .filter((call) => call.role === role)
        .map(({ name }) => name)
        .sort();
    expect(named('operator')).toEqual(OPERATOR);
    expect(named('owner')).toEqual(OWNER);
  });

  it.each<[Role, number]>([
    ['viewer', 0],
    ['operator', OPERATOR.length],
    ['owner', OPERATOR.length + OWNER.length],
  ])('a %s passes the door of %i commands; the others answer forbidden before their input is looked at', async (role, passes) => {
    const [window, host] = memoryPipes();
    const nobody: ProxyHandler<object> = { get: () => () => ({ kind: 'done' }), has: () => true };
    const handlers: Handlers = Object.assign(Object.create(new Proxy({}, nobody)));
    const errors: string[] = [];
    serve(host, handlers, { caller: { role, via: 'browser', name: 'story' }, onError: (name) => errors.push(name) });
    const client: { command(name: string, input: unknown): Promise<unknown> } = connect(window);
    const answers = await Promise.all(
      commands.map(({ name }) => {
        return client.command(name, {}).then(
          () => 'passed',
          (failure: { code: string }) => failure.code,
        );
      }),
    );
    expect(answers.filter((code) => code === 'badInput')).toHaveLength(passes);
    expect(answers.filter((code) => code === 'forbidden')).toHaveLength(commands.length - passes);
    expect(errors).toEqual([]);
  });
});
