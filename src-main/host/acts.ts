import type { ActOutcome } from '#contract/desk';
import { parseOccSymbol } from '#domain/market/instrument';
import { actorName, type OperatorCommand } from '#ports/commands';
import { strategyBlock } from '#ports/settings/settings';
import { RUNGS } from '#ports/settings/trustSettings';
import type { Caller, CommandHandlers, QueryHandlers } from '#wire/host';
import type { Desk } from './desk.ts';
import { needsProof } from './freshProof.ts';
import { liveDesk } from './live/liveActs.ts';
import { loosens, notFlat, valueAt } from './loosening.ts';
import { createReleaseHold } from './releaseHold.ts';

type AnsweredElsewhere = Extract<keyof CommandHandlers, `phone.${string}` | `opinion.${string}`>;
export type DeskActs = Omit<CommandHandlers, AnsweredElsewhere> & Pick<QueryHandlers, 'live.view'>;

/** Every command but the phone's and the second opinion's own: the engine's go to its queue and its gate, the program's own are done here. */
export function actsOf(desk: Desk): DeskActs {
  const { parts } = desk;

  async function issue(commandId: string, command: OperatorCommand, by: Caller): Promise<ActOutcome> {
    const outcome = await parts.issue({ commandId, at: parts.clock.now(), by, command });
    const again = outcome.repeated ? { repeated: true as const } : {};
    return outcome.kind === 'done'
      ? { kind: 'done', message: outcome.message, ids: outcome.ids, reasons: [], ...again }
      : { kind: 'refused', message: outcome.message, ids: [], reasons: outcome.reasons, ...again };
  }

  /** What loosens is done for a browser only with a fresh proof. */
  async function provedIf(
    loosening: boolean,
    proof: string | undefined,
    by: Caller,
    act: () => Promise<ActOutcome>,
  ): Promise<ActOutcome> {
    const unproved = loosening ? await desk.freshProof(proof, by) : null;
    return unproved === null ? act() : needsProof(unproved);
  }

  const live = liveDesk(desk, issue);
  const hold = createReleaseHold({
    elapsedMs: () => Math.floor(performance.now()),
    limits() {
      const { releaseHoldSeconds, releaseWithinSeconds } = desk.view().settings.failsafe;
      return { holdMs: releaseHoldSeconds * 1000, withinMs: releaseWithinSeconds * 1000 };
    },
  });
  const thrownAs = (): string => JSON.stringify(desk.view().latch);

  return {
    ...live.acts,
    'live.view': () => live.view(),
    'desk.setSpeed': ({ speed }, by) => {
      const before = parts.clock.speed();
      if (!parts.clock.setSpeed(speed)) return refused('A live clock runs at its own speed.');
      parts.record({ path: 'clock.speed', oldValue: String(before), newValue: String(speed) }, actorName(by));
      return done(`The market runs at ${speed === 'max' ? 'full speed' : `${speed}x`}.`);
    },
    'desk.scanNow': ({ commandId }, by) => issue(commandId, { kind: 'scanNow' }, by),
    'killSwitch.throw': ({ commandId, verb, reason }, by) => issue(commandId, { kind: 'throwKillSwitch', verb, reason }, by),
    'killSwitch.beginRelease': (_, by) => {
      if (desk.view().latch.state === 'ACTIVE') return refused('The kill switch is not thrown.');
      return { ...done('Hold on.'), ids: [hold.begin(actorName(by), thrownAs())] };
    },
    'killSwitch.release': async ({ commandId, word, nonce, reason, proof }, by) => {
      const thrown = thrownAs();
      const held = hold.end(actorName(by), thrown, nonce);
      if (typeof held === 'string') return refused(held);
      const unproved = await desk.freshProof(proof, by);
      if (unproved !== null) return needsProof(unproved);
      if (thrownAs() !== thrown) return refused(MOVED_MEANWHILE);
      return issue(commandId, { kind: 'releaseKillSwitch', word, heldMs: held, reason }, by);
    },
    'alert.acknowledge': ({ commandId, alertId }, by) => issue(commandId, { kind: 'acknowledgeAlert', alertId }, by),
    'breaker.reset': ({ commandId, breaker, reason, proof }, by) =>
      provedIf(true, proof, by, () => issue(commandId, { kind: 'resetBreaker', breaker, reason }, by)),
    'order.open': async ({ commandId, legs, contracts, netLimit, note }, by) => {
      // The gate asks for a fresh price of the underlying too.
      const underlyings = legs.flatMap(({ symbol }) => parseOccSymbol(symbol)?.root ?? []);
      await parts.market.refresh([...new Set([...underlyings, ...legs.map(({ symbol }) => symbol)])]);
      return issue(commandId, { kind: 'openStructure', legs, contracts, netLimit, note }, by);
    },
    'order.cancel': ({ commandId, intentId }, by) => issue(commandId, { kind: 'cancelOrder', intentId }, by),
    'symbol.pause': ({ commandId, underlying, paused, proof }, by) =>
      !paused && by.role !== 'owner'
        ? ownersOnly('open a symbol again')
        : provedIf(!paused, proof, by, () => issue(commandId, { kind: 'pauseSymbol', underlying, paused }, by)),
    'position.close': ({ commandId, positionId, contracts, netLimit }, by) =>
      issue(commandId, { kind: 'closePosition', positionId, contracts, netLimit }, by),
    'position.roll': ({ commandId, positionId }, by) => issue(commandId, { kind: 'rollPosition', positionId }, by),
    'position.adopt': ({ commandId, symbols, strategyId }, by) =>
      issue(commandId, { kind: 'adoptPosition', symbols, strategyId }, by),
    'position.setExitPlan': ({ commandId, positionId, exitPlan }, by) =>
      issue(commandId, { kind: 'setExitPlan', positionId, exitPlan }, by),
    'proposal.answer': ({ commandId, decisionId, approve }, by) =>
      issue(commandId, { kind: approve ? 'approveProposal' : 'declineProposal', decisionId }, by),
    'strategy.setMode': ({ commandId, strategyId, mode, proof }, by) => {
      const isFreer = FREEDOM[mode] > FREEDOM[desk.view().strategyModes.get(strategyId) ?? 'off'];
      if (isFreer && by.role !== 'owner') return ownersOnly('give a strategy more freedom');
      if (!parts.catalog.some(({ id }) => id === strategyId)) return refused(`There is no strategy ${strategyId}.`);
      return provedIf(isFreer, proof, by, () => issue(commandId, { kind: 'setStrategyMode', strategyId, mode }, by));
    },
    'strategy.setTrust': ({ commandId, strategyId, rung, reason, proof }, by) => {
      const isUp = RUNGS.indexOf(rung) > RUNGS.indexOf(desk.view().trust.get(strategyId)?.rung ?? 'observe');
      return provedIf(isUp, proof, by, () => issue(commandId, { kind: 'setTrust', strategyId, rung, reason }, by));
    },
    'strategy.configure': (input, by) => configureStrategy(desk, input, by),
    'journal.editNote': ({ commandId, tradeId, notes }, by) => issue(commandId, { kind: 'editNote', tradeId, notes }, by),
    'journal.backup': async () => {
      const { file, events } = await parts.backUp();
      return { ...done(`${events} rows copied to ${file} and checked.`), ids: [file] };
    },
    'settings.change': ({ changes, proof }, by) => changed(desk, changes, proof, by),
    'credentials.store': async ({ name, keyId, secret }, by) => {
      if (name === 'alpaca-live' && parts.secrets.backend !== 'keychain' && parts.secrets.backend !== 'sealedFile')
        return refused('Live keys are kept in the keychain or a sealed file only.');
      try {
        await parts.secrets.store(name, { keyId, secret });
        parts.record({ path: `credentials.${name}`, oldValue: '', newValue: `key ending ${keyId.slice(-4)}` }, actorName(by));
        return done(`The ${name} key is stored (${parts.secrets.detail}). It is used from the next start.`);
      } catch (error) {
        return refused(error instanceof Error ? error.message : 'The key could not be stored.');
      }
    },
    'credentials.remove': async ({ name }, by) => {
      try {
        await parts.secrets.remove(name);
        parts.record({ path: `credentials.${name}`, oldValue: 'stored', newValue: 'removed' }, actorName(by));
        return done(`The ${name} key is removed.`);
      } catch (error) {
        return refused(error instanceof Error ? error.message : 'The key could not be removed.');
      }
    },
  };
}

/** More is freer. */
const FREEDOM = { off: 0, observe: 1, approve: 2, auto: 3 } as const;

/** An operator stops and answers; whatever loosens is the owner's. */
function ownersOnly(what: string): ActOutcome {
  return refused(`Only the owner may ${what}.`);
}

function configureStrategy(
  desk: Desk,
  input: Parameters<CommandHandlers['strategy.configure']>[0],
  by: Caller,
): ActOutcome | Promise<ActOutcome> {
  const { catalog, settings } = desk.parts;
  const entry = catalog.find(({ id }) => id === input.strategyId);
  if (!entry) return refused(`There is no strategy ${input.strategyId}.`);
  const before = settings.current().strategies[entry.id] ?? strategyBlock.parse({});
  const { profile, maxPositions, maxRiskFraction, overrides } = input;
  const block = { ...before, profile, maxPositions, maxRiskFraction, parameters: overrides };
  return changed(desk, [{ path: `strategies.${entry.id}`, value: block }], input.proof, by);
}

type Changes = readonly { readonly path: string; readonly value?: unknown }[];

async function changed(desk: Desk, changes: Changes, proof: string | undefined, by: Caller): Promise<ActOutcome> {
  const settings = desk.parts.settings.current();
  if (changes.some(({ path, value }) => loosens(path, valueAt(settings, path), value))) {
    const unproved = await desk.freshProof(proof, by);
    if (unproved !== null) return needsProof(unproved);
  }
  return changedNow(desk, changes, by);
}

function changedNow(desk: Desk, changes: Changes, by: Caller): ActOutcome {
  const wanted = changes.map(({ path, value }) => ({ path, value }));
  const settings = desk.parts.settings.current();
  const looser = wanted.filter(({ path, value }) => loosens(path, valueAt(settings, path), value)).map(({ path }) => path);
  const obstacle = desk.parts.mode === 'live' && looser.length > 0 ? notFlat(desk.view()) : null;
  if (obstacle !== null)
    return refused(
      `With real money a limit is loosened only while nothing is held or worked (${obstacle}): ${looser.join(', ')}.`,
    );
  const problems = desk.parts.settings.change(wanted, actorName(by));
  const [first] = problems;
  if (!first) {
    const said = changes.length === 1 ? 'The setting is changed' : `${changes.length} settings are changed`;
    const what = looser.length > 0 ? `${said} (looser than before: ${looser.join(', ')})` : said;
    if (looser.length > 0)
      desk.takeNotice(
        {
          kind: 'breach',
          title: 'A limit is looser than before',
          body: `${looser.join(', ')}, by ${actorName(by)}`,
          urgent: false,
        },
        desk.parts.clock.now(),
      );
    return done(changes.some(({ path }) => NEXT_START.test(path)) ? `${what}; it takes effect at the next start.` : `${what}.`);
  }
  return { kind: 'refused', message: problems.map(({ message }) => message).join('; '), ids: [first.path], reasons: [] };
}

/** Settings that are read once, when the desk opens. */
const NEXT_START = /^(broker|server|exchange|simulation|watchdog|supervisor|shell)(?!\.speed$)/;

function done(message: string): ActOutcome {
  return { kind: 'done', message, ids: [], reasons: [] };
}

const MOVED_MEANWHILE = 'The kill switch was moved while the button was held: look again, then hold it again.';

function refused(message: string): ActOutcome {
  return { kind: 'refused', message, ids: [], reasons: [] };
}
