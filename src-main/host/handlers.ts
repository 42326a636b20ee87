import type { CredentialsView } from '#contract/settings';
import { isoDate } from '#domain/units';
import { WireFailure } from '#wire/frames';
import type { FeedHandlers, Handlers, QueryHandlers } from '#wire/host';
import type { Unsubscribe } from '#wire/pipe';
import type { DeskActs } from './acts.ts';
import { chainViewOf, recordedVolatilitiesOf, underlyingsOf } from './chainViews.ts';
import { funnelOf, recentDecisions, searchDecisions } from './decisionViews.ts';
import type { Desk } from './desk.ts';
import { MOST_TRADES, summaryOf } from './journalViews.ts';
import { eventViewOf } from './narrate.ts';
import type { OpinionDesk } from './opinion/opinionDesk.ts';
import { ordersOf } from './orderViews.ts';
import type { Phone } from './phone/phone.ts';
import { positionsOf } from './positionViews.ts';
import { previewOf } from './preview.ts';
import { protectionOf } from './protectionViews.ts';
import { pulse } from './pulse.ts';
import { riskOf } from './riskViews.ts';
import { createLookBack } from './safety/lookBack.ts';
import { safetyOf } from './safety/safetyViews.ts';
import { statusOf } from './status.ts';
import { strategiesOf } from './strategyViews.ts';
import { tighterWords } from './tighterWords.ts';

/** Rows of a trade's or an order's story at most. */
const MOST_STORY = 500;

/** Answers the whole contract from one desk. */
export function handlersOf(desk: Desk, acts: DeskActs, phone: Phone, opinions: OpinionDesk): Handlers {
  return { ...queriesOf(desk), ...acts, ...phone.acts, ...opinions.acts, ...feedsOf(desk, phone, opinions) };
}

function feedsOf(desk: Desk, phone: Phone, opinions: OpinionDesk): FeedHandlers {
  const { journal, settings } = desk.parts;
  const feed = <Item>(
    name: string,
    everyMs: number,
    version: () => unknown,
    read: () => Item | null,
    push: (item: Item) => void,
  ): Unsubscribe => pulse({ everyMs, version, read, onError: (error) => desk.parts.onError(name, error) }, push);
  const anything = desk.version;
  const lookBack = createLookBack(journal);
  const decisionCount = (): string =>
    `${desk.count('ProposalDecided')} ${desk.count('RefusalsRepeated')} ${desk.count('CounterfactualMarked')} ${desk.count('ProposalAnswered')}`;
  const tradeCount = (): string => `${desk.count('PositionClosed')} ${desk.count('NoteEdited')}`;

  return {
    'desk.status': (_, push) => feed('desk.status', 250, anything, () => statusOf(desk), push),
    'desk.notifications': (_, push) =>
      feed(
        'desk.notifications',
        250,
        () => desk.notices()[0]?.id ?? 0,
        () => desk.notices(),
        push,
      ),
    'chain.underlyings': (_, push) => feed('chain.underlyings', 1_000, anything, () => underlyingsOf(desk), push),
    'chain.view': ({ underlying, expiration }, push) => {
      const date = isoDate(expiration);
      if (!desk.parts.market.expirations(underlying).includes(date))
        throw new WireFailure({ code: 'notListed', message: `${underlying} has no expiration ${expiration}.`, retryable: false });
      return feed('chain.view', 500, anything, () => chainViewOf(desk, underlying, date), push);
    },
    'positions.list': (_, push) => feed('positions.list', 500, anything, () => positionsOf(desk), push),
    'orders.list': (_, push) => feed('orders.list', 250, desk.parts.journalHead, () => ordersOf(desk), push),
    'decisions.recent': (_, push) => feed('decisions.recent', 1_000, decisionCount, () => recentDecisions(journal), push),
    'strategies.list': (_, push) => feed('strategies.list', 1_000, desk.parts.journalHead, () => strategiesOf(desk), push),
    'journal.trades': (_, push) => feed('journal.trades', 1_000, tradeCount, () => journal.trades(MOST_TRADES), push),
    'journal.summary': (_, push) =>
      feed(
        'journal.summary',
        2_000,
        () => `${tradeCount()} ${desk.count('Reconciled')}`,
        () => summaryOf(journal),
        push,
      ),
    'risk.view': (_, push) => feed('risk.view', 1_000, anything, () => riskOf(desk), push),
    'protection.view': (_, push) => feed('protection.view', 1_000, anything, () => protectionOf(desk), push),
    'safety.view': (_, push) => feed('safety.view', 3_000, anything, () => safetyOf(desk, lookBack), push),
    'watchdog.view': (_, push) =>
      feed('watchdog.view', 1_000, () => JSON.stringify(desk.parts.watchdog()), desk.parts.watchdog, push),
    'phone.view': (_, push) => feed('phone.view', 1_000, () => JSON.stringify(phone.view()), phone.view, push),
    'opinion.view': (_, push) => feed('opinion.view', 500, () => JSON.stringify(opinions.view()), opinions.view, push),
    'settings.view': (_, push) => {
      const view = () => {
        const shown = settings.view();
        return { ...shown, tighter: desk.parts.mode === 'live' ? tighterWords(shown.values) : {} };
      };
      push(view());
      return settings.onChange(() => push(view()));
    },
  };
}

function queriesOf(desk: Desk): Omit<QueryHandlers, 'live.view'> {
  const { parts } = desk;
  const { journal } = parts;
  return {
    'desk.about': () => parts.about,
    'killSwitch.history': () =>
      [...desk.view().killHistory].reverse().map(({ at, from, to, reason, by }) => ({
        at,
        from: killStateOf(from),
        to: killStateOf(to),
        reason,
        by,
      })),
    'chain.whyNot': ({ symbol }) => {
      const explained = parts.engine.explain(symbol);
      if (!explained) return { symbol, at: null, snapshotId: null, strategies: [] };
      return {
        symbol,
        at: explained.at,
        snapshotId: explained.snapshotId,
        strategies: explained.strategies.map(({ strategyId, structure, gates, reasons, lastDecisionId }) => ({
          strategyId,
          title: parts.catalog.find(({ id }) => id === strategyId)?.title ?? strategyId,
          summary: whyNotSentence(structure, reasons, gates.length),
          gates,
          lastDecisionId,
        })),
      };
    },
    'chain.bars': ({ underlying }) => parts.market.bars(underlying),
    'chain.volatility': ({ underlying }) => ({ recorded: recordedVolatilitiesOf(desk, underlying) }),
    'order.preview': (input) => previewOf(desk, input),
    'orders.story': ({ intentId }) =>
      journal
        .mentioning([intentId], MOST_STORY)
        .map(eventViewOf)
        .map(({ seq, at, kind, summary }) => ({ seq, at, what: kind, detail: summary })),
    'decisions.search': (input) => searchDecisions(journal, input),
    'decisions.funnel': ({ limit }) => funnelOf(journal, limit),
    'journal.events': ({ kind, text, beforeSeq, limit }) => {
      const { rows, total } = journal.events({ kinds: kind === null ? null : [kind], text, beforeSeq, limit });
      return { rows: rows.map(eventViewOf), total };
    },
    'journal.story': ({ tradeId }) => storyOf(desk, tradeId),
    'journal.verify': async () => {
      const { ok, events, firstBad, head } = await parts.verifyJournal();
      return { ok, events, firstBad, head };
    },
    'journal.export': ({ format }) => parts.exportTrades(journal.trades(1_000_000), format),
    'credentials.view': () => credentialsOf(desk),
  };
}

/** Every row of a trade: its decision, its position's rows, and the rows of every order that worked for it. */
function storyOf(desk: Desk, tradeId: string): ReturnType<QueryHandlers['journal.story']> {
  const { journal } = desk.parts;
  const trade = journal.trades(1_000_000).find((candidate) => candidate.tradeId === tradeId);
  if (!trade) throw new WireFailure({ code: 'unknownTrade', message: `There is no trade ${tradeId}.`, retryable: false });
  const position = journal.positions(1_000_000).find(({ positionId }) => positionId === trade.positionId);
  const intents = journal.ordersOf(trade.positionId).map(({ intentId }) => intentId);
  const ids = new Set([tradeId, trade.positionId, ...intents]);
  if (position?.decisionId) ids.add(position.decisionId);
  const noise = new Set(['RefusalsRepeated', 'CounterfactualMarked', 'Reconciled']);
  return journal
    .mentioning([...ids], MOST_STORY * 4)
    .filter(({ fact }) => !noise.has(fact.kind))
    .slice(0, MOST_STORY)
    .map(eventViewOf);
}

async function credentialsOf(desk: Desk): Promise<CredentialsView> {
  const { secrets } = desk.parts;
  const stored: CredentialsView['stored'][number][] = [];
  for (const name of ['alpaca-paper', 'alpaca-live'] as const) {
    const key = await secrets.read(name).catch(() => null);
    if (key) stored.push({ name, keyIdEnding: key.keyId.slice(-4) });
  }
  return { backend: secrets.backend, backendDetail: secrets.detail, stored };
}

function whyNotSentence(structure: string | null, reasons: readonly string[], gates: number): string {
  if (reasons.length === 0 && structure !== null) return `Passes all ${gates} filters as ${structure}; ranking and risk decide.`;
  if (structure === null) return 'Makes nothing of this contract here.';
  return `${structure}: ${reasons.length} of ${gates} rules say no (${reasons.join(', ')}).`;
}

function killStateOf(state: string): 'ACTIVE' | 'REDUCING' | 'HALTED' | 'FLATTENING' {
  return state === 'REDUCING' || state === 'HALTED' || state === 'FLATTENING' ? state : 'ACTIVE';
}
