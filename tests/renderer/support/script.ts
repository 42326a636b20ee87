import { z } from 'zod';
import type { CommandName, FeedName, ItemOf, OutputOf, ParsedOf, QueryName } from '#contract/contract';
import type { ActOutcome } from '#contract/desk';
import type { StrategyView } from '#contract/strategies';
import { isoDate } from '#domain/units';
import { engineSettings } from '#ports/settings/settings';
import { book, orders } from './book.ts';
import { decisions, events, funnel, strategies, summary, trades } from './ledger.ts';
import { chainView, dailyBars, NOW, recordedVolatilities, underlyings } from './market.ts';
import { previewOf } from './preview.ts';
import {
  type KillStory,
  notifications,
  opinionView,
  phoneView,
  protectionView,
  risk,
  safetyView,
  status,
  watchdogView,
} from './statusView.ts';

type Feeds = { readonly [Name in FeedName]: (input: ParsedOf<Name>) => ItemOf<Name> };
type Queries = { readonly [Name in QueryName]: (input: ParsedOf<Name>) => OutputOf<Name> };
type Commands = { readonly [Name in CommandName]: (input: ParsedOf<Name>) => OutputOf<Name> };

const done = (message: string, ids: readonly string[] = []): ActOutcome => ({ kind: 'done', message, ids, reasons: [] });

/** An engine of cardboard: it answers the whole contract from sample data and remembers switches, notes and settings. */
/** What a press of the release button is called in every story. */
const NONCE = '0123456789abcdef0123456789abcdef';

export function makeScript(search: URLSearchParams) {
  let tick = 0;
  let holdBegan = 0;
  let kill: KillStory = { state: 'ACTIVE', reason: '', progress: null };
  const paused = new Set<string>();
  const modes = new Map<string, StrategyView['mode']>();
  const notes = new Map<string, string>();
  const acted = new Map<string, ActOutcome>();
  let values: Record<string, unknown> = engineSettings.parse({});
  const isEmpty = search.has('empty');
  const mode = search.get('mode') === 'live' ? 'live' : 'paper';
  const settingsSchema = z.toJSONSchema(engineSettings);

  const feeds: Feeds = {
    'desk.status': () => status(tick, kill, mode),
    'desk.notifications': () => (isEmpty ? [] : notifications),
    'chain.underlyings': () => underlyings(tick, paused),
    'chain.view': ({ underlying, expiration }) => chainView(underlying, isoDate(expiration), tick),
    'positions.list': () => book(tick, isEmpty),
    'orders.list': () => (isEmpty ? [] : orders()),
    'decisions.recent': () => (isEmpty ? [] : decisions),
    'strategies.list': () => strategies(modes),
    'journal.trades': () => (isEmpty ? [] : trades(notes)),
    'journal.summary': () => summary,
    'risk.view': () => risk,
    'safety.view': () => safetyView,
    'watchdog.view': () => watchdogView,
    'protection.view': () => protectionView,
    'phone.view': () => phoneView,
    'opinion.view': () => opinionView,
    'settings.view': () => ({
      schema: settingsSchema,
      values,
      file: '~/.strikedesk/settings.json',
      tighter: {},
      overridden: { 'scanner.intervalSeconds': 'STRIKEDESK_SCANNER_INTERVAL_SECONDS' },
      problems: [],
    }),
  };

  const queries: Queries = {
    'desk.about': () => ({
      version: '0.1.0',
      build: '4f241f4',
      dataFolder: '~/.strikedesk',
      settingsFile: '~/.strikedesk/settings.json',
      journalFile: '~/.strikedesk/journal.db',
      platform: 'linux x64',
    }),
    'killSwitch.history': () => [{ at: NOW, from: 'ACTIVE', to: 'REDUCING', reason: 'Practice', by: 'window' }],
    'chain.whyNot': ({ symbol }) => ({
      symbol,
      at: NOW,
      snapshotId: 99_120,
      strategies: strategies(modes)
        .slice(0, 3)
        .map((strategy, index) => ({
          strategyId: strategy.strategyId,
          title: strategy.title,
          summary:
            index === 0
              ? 'As the short leg it fell at credit to risk: 0.24 of at least 0.33.'
              : 'Every gate holds; others ranked higher.',
          gates: decisions[index * 2 + 2]?.decision.gates ?? [],
          lastDecisionId: 'D-3998',
        })),
    }),
    'chain.bars': ({ underlying }) => dailyBars(underlying),
    'chain.volatility': ({ underlying }) => recordedVolatilities(underlying),
    'order.preview': ({ legs, contracts, netLimit }) => previewOf(legs, contracts, netLimit, tick),
    'orders.story': () =>
      ['intentWritten', 'submitted', 'acknowledged', 'repriced'].map((what, index) => ({
        seq: 900 + index,
        at: NOW,
        what,
        detail: `Step ${index + 1}: limit ${(1.22 - index * 0.04).toFixed(2)} credit`,
      })),
    'decisions.search': ({ strategyId, verdict, reason, underlying }) => {
      const rows = decisions.filter(
        ({ decision }) =>
          (!strategyId || decision.strategyId === strategyId) &&
          (!verdict || decision.verdict === verdict) &&
          (!reason || decision.reasons.includes(reason)) &&
          (!underlying || decision.underlying.startsWith(underlying)),
      );
      return { rows, total: rows.length };
    },
    'decisions.funnel': () => (isEmpty ? [] : funnel),
    'journal.events': ({ beforeSeq, limit }) => ({ rows: events((beforeSeq ?? 4_001) - 1, limit), total: 4_000 }),
    'journal.story': () => [...events(3_800, 8)].reverse(),
    'journal.verify': () => ({ ok: true, events: 4_000, firstBad: null, head: '9f2b7c41' }),
    'journal.export': ({ format }) => ({ fileName: `trades.${format}`, mediaType: 'text/plain', text: 'trade_id' }),
    'live.view': () => ({
      isLive: mode === 'live',
      account: '123456789',
      criteria: [
        { gate: 'paperRecord', passed: true, value: 131, limit: 100, unit: 'trades', note: 'or 90 days on paper; now 74' },
        { gate: 'expectancyLowerBound', passed: false, value: -2.14, limit: 0, unit: 'dollars' },
      ],
      code: 'unconfirmed',
      codeProblem: '',
      lockedUntil: null,
      arming: null,
      armedHours: 12,
    }),
    'credentials.view': () => ({
      backend: 'keychain',
      backendDetail: 'libsecret',
      stored: [{ name: 'alpaca-paper', keyIdEnding: '7QX2' }],
    }),
  };

  const commands: Commands = {
    'desk.setSpeed': ({ speed }) => done(`The exchange runs at ${speed}.`),
    'phone.storeToken': () => done('The token is stored (libsecret).'),
    'phone.forgetToken': () => done('The token is removed.'),
    'phone.pair': () => ({
      ...done('Send /pair 7KQ2MZ9RTB to the bot within 10 minutes.'),
      code: '7KQ2MZ9RTB',
      link: 'https://t.me/my_desk_bot?start=7KQ2MZ9RTB',
      qrSvg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
    }),
    'opinion.ask': () => done('Asked.', ['o2']),
    'opinion.storeKey': () => done('The key is stored (libsecret).'),
    'opinion.forgetKey': () => done('The key is removed.'),
    'phone.unpair': () => done('The phone is unpaired.'),
    'phone.test': () => done('A message is on its way.'),
    'live.setUpCode': () => ({ ...done('Scan the picture.'), uri: 'otpauth://totp/x?secret=ABC', qrSvg: '<svg/>' }),
    'live.confirmCode': () => done('The authenticator is confirmed.'),
    'live.arm': () => done('Live trading is armed.'),
    'live.disarm': () => done('Live trading is disarmed.'),
    'desk.scanNow': () => done('A scan starts at once.'),
    'killSwitch.throw': ({ verb, reason }) => {
      kill = {
        state: verb === 'stopEntries' ? 'REDUCING' : verb === 'freeze' ? 'HALTED' : 'FLATTENING',
        reason,
        progress: verb === 'flatten' ? '1 of 4 flat, 2 working, 1 without a bid' : null,
      };
      return done('Nothing opens any more.');
    },
    'killSwitch.beginRelease': () => {
      holdBegan = performance.now();
      return done('Hold on.', [NONCE]);
    },
    'killSwitch.release': ({ word, nonce }) => {
      if (word !== 'RESUME' || nonce !== NONCE || performance.now() - holdBegan < 600)
        return { kind: 'refused', message: 'The word or the hold was not right.', ids: [], reasons: [] };
      kill = { state: 'ACTIVE', reason: '', progress: null };
      return done('The engine may open again.');
    },
    'alert.acknowledge': ({ alertId }) => done(`${alertId} is acknowledged.`),
    'breaker.reset': ({ breaker }) => done(`${breaker} is closed.`),
    'order.open': ({ legs, contracts }) => done(`${legs.length} legs × ${contracts} sent as I-211.`, ['I-211']),
    'symbol.pause': ({ underlying, paused: isPaused }) => {
      if (isPaused) paused.add(underlying);
      else paused.delete(underlying);
      return done(`${underlying} ${isPaused ? 'opens nothing any more' : 'may open again'}.`);
    },
    'position.close': ({ positionId, contracts }) => done(`${positionId}: closing ${contracts ?? 'all'}.`),
    'position.roll': () => ({ kind: 'refused', message: 'No roll for a credit: the best is 0.12 debit.', ids: [], reasons: [] }),
    'position.adopt': ({ symbols }) => done(`${symbols.length} legs adopted.`),
    'position.setExitPlan': () => done('The exit plan is in force.'),
    'order.cancel': ({ intentId }) => done(`${intentId} is being cancelled.`),
    'proposal.answer': ({ approve }) => done(approve ? 'Sent through the gate.' : 'Declined.'),
    'strategy.setMode': ({ strategyId, mode: next }) => {
      modes.set(strategyId, next);
      return done(`${strategyId} is ${next}.`);
    },
    'strategy.setTrust': ({ strategyId, rung }) => done(`${strategyId} is trusted with '${rung}'.`),
    'strategy.configure': ({ strategyId }) => done(`${strategyId} configured.`),
    'journal.editNote': ({ tradeId, notes: text }) => {
      notes.set(tradeId, text);
      return done('The note is journalled.');
    },
    'journal.backup': () => done('Copied to backups/journal-2026-11-17.db.'),
    'settings.change': ({ changes }) => {
      for (const { path, value } of changes) values = withPath(values, path.split('.'), value);
      return done(`${changes.length} changed.`);
    },
    'credentials.store': () => done('Stored in the keychain.'),
    'credentials.remove': () => done('Removed from the keychain.'),
  };

  return { feeds, queries, commands, acted, advance: () => (tick += 1) };
}

function withPath(
  values: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...values, [name]: value };
  const inner = values[name];
  return { ...values, [name]: withPath(typeof inner === 'object' && inner !== null ? { ...inner } : {}, rest, value) };
}
