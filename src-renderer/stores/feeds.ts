import { createFeedStore } from './feedStore.ts';
import { shareRows, shareStructure } from './shareStructure.ts';

/** One store per subject of the contract, each filled from its feed. */
export const statusFeed = createFeedStore('desk.status');
export const notificationsFeed = createFeedStore('desk.notifications', (older, newer) =>
  shareRows(older, newer, (row) => String(row.id)),
);
export const underlyingsFeed = createFeedStore('chain.underlyings', (older, newer) =>
  shareRows(older, newer, (row) => row.underlying),
);
export const chainFeed = createFeedStore('chain.view', (older, newer) => ({
  ...newer,
  rows: shareRows(older?.rows ?? null, newer.rows, (row) => String(row.strike)),
}));
export const positionsFeed = createFeedStore('positions.list', (older, newer) => ({
  positions: shareRows(older?.positions ?? null, newer.positions, (row) => row.position.positionId),
  loose: shareStructure(older?.loose, newer.loose),
  campaigns: shareStructure(older?.campaigns, newer.campaigns),
  totals: shareStructure(older?.totals, newer.totals),
}));
export const ordersFeed = createFeedStore('orders.list', (older, newer) =>
  shareRows(older, newer, (row) => `${row.intentId}/${row.attempt}`),
);
export const decisionsFeed = createFeedStore('decisions.recent', (older, newer) =>
  shareRows(older, newer, (row) => row.decision.decisionId),
);
export const strategiesFeed = createFeedStore('strategies.list', (older, newer) =>
  shareRows(older, newer, (row) => row.strategyId),
);
export const tradesFeed = createFeedStore('journal.trades', (older, newer) => shareRows(older, newer, (row) => row.tradeId));
export const summaryFeed = createFeedStore('journal.summary');
export const riskFeed = createFeedStore('risk.view');
export const safetyFeed = createFeedStore('safety.view', (older, newer) => ({
  ...newer,
  controls: shareRows(older?.controls ?? null, newer.controls, (row) => String(row.number)),
}));
export const protectionFeed = createFeedStore('protection.view');
export const watchdogFeed = createFeedStore('watchdog.view');
export const opinionFeed = createFeedStore('opinion.view', (older, newer) => ({
  ...newer,
  opinions: shareRows(older?.opinions ?? null, newer.opinions, (row) => row.opinionId),
}));
export const phoneFeed = createFeedStore('phone.view');
export const settingsFeed = createFeedStore('settings.view');
