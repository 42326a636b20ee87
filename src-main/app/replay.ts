import '#adapters/runtime/runtimeCheck';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordedBroker } from '#adapters/brokers/recorded/recordedBroker';
import { createRecordedFeed } from '#adapters/feeds/recorded/recordedFeed';
import { openCboeEodTape, TapeError } from '#adapters/feeds/tape/cboeEodTape';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { atNewYork, nextTradingDay } from '#domain/market/calendar';
import { DEFAULT_FEES } from '#domain/portfolio/fees';
import { cents, isoDate } from '#domain/units';
import { SHARE_OF_HALF_SPREAD } from '#exchange/recorded/fillAtQuotes';
import { createRecordedExchange } from '#exchange/recorded/recordedExchange';
import { runUntil } from '#modes/simulated';
import { type EngineSettings, engineSettings } from '#ports/settings/settings';
import { audit } from '#research/audit/auditor';
import { CATALOG } from '#strategies/catalog';
import { assemble } from './assemble.ts';
import { BUILD } from './build.ts';
import { commandLine, UsageError, whole } from './commandLine.ts';
import { printResult } from './simulation/printResult.ts';
import { countRun } from './simulation/summary.ts';

const USAGE = `npm run -s replay -- --chains <folder> [--layout cboe-eod] [--strategies <id,id>] [--cash <dollars>]
    [--journal <new file>] [--json]
  The engine trades through recorded chains; the last line is the result.`;

/** One look a day: the figures that assume a market that is watched all day are set to what a replay can offer. */
function replaySettings(underlyings: readonly string[], strategies: readonly string[]): EngineSettings {
  return engineSettings.parse({
    universe: underlyings,
    scanner: { repeatInSameSymbol: true, maxLossPerSpreadDollars: 2_000 },
    risk: {
      maxPositionsPerSymbol: 12,
      maxPositionsPerSector: 12,
      maxPositionsPerStrategy: 8,
      maxEntriesPerSymbolPerDay: 3,
      maxNotionalPerOrderDollars: 5_000_000,
      duplicateWindowSeconds: 86_400,
    },
    strategies: Object.fromEntries(
      CATALOG.map(({ id }) => [
        id,
        { mode: strategies.includes(id) ? 'auto' : 'off', parameters: { ivRankMin: 0, maxWidthDollars: 25 } },
      ]),
    ),
  });
}

/** `npm run replay`: the engine trades through real recorded chains; the last line is the result. */
async function main(): Promise<number> {
  const { values } = commandLine(USAGE, {
    options: {
      chains: { type: 'string' },
      layout: { type: 'string', default: 'cboe-eod' },
      strategies: { type: 'string', default: 'bull_put_spread,iron_condor' },
      cash: { type: 'string', default: '100000' },
      journal: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (!values.chains) throw new UsageError('Name the folder of recorded chains: npm run replay -- --chains <folder>.');
  if (values.layout !== 'cboe-eod') throw new UsageError(`--layout knows cboe-eod, not '${values.layout}'.`);
  const strategies = values.strategies.split(',');
  for (const id of strategies)
    if (!CATALOG.some((entry) => entry.id === id))
      throw new UsageError(`--strategies: there is no '${id}'; known are ${CATALOG.map((entry) => entry.id).join(', ')}.`);
  if (values.journal && existsSync(values.journal))
    throw new UsageError(`${values.journal} exists already; name a new file for --journal.`);
  const startingCash = cents(whole('--cash', values.cash, 1_000, 1_000_000_000) * 100);
  const scratch = mkdtempSync(join(tmpdir(), 'strikedesk-replay-'));
  const started = performance.now();
  try {
    const tape = openCboeEodTape(values.chains, { lookAt: '15:45', minUsableShare: 0.9 });
    for (const row of tape.rejected.slice(0, 20))
      process.stderr.write(`${row.file}, line ${row.line}, ${row.field}: ${row.message}\n`);
    const exchange = createRecordedExchange(tape, { startingCash, fees: DEFAULT_FEES });
    const settings = replaySettings(exchange.underlyings(), strategies);
    const broker = createRecordedBroker(exchange, 'RECORDED');
    const feed = createRecordedFeed(exchange);
    const journal = openJournal(values.journal ?? join(scratch, 'journal.db'), { create: true, journalId: 'replay00' });
    const { runtime, start } = assemble({
      settings,
      broker,
      feed,
      journal,
      latch: memoryLatch(),
      mode: 'backtest',
      account: 'RECORDED',
      build: BUILD,
      now: exchange.now,
      onCrash: (error) => process.stderr.write(`The engine stopped: ${error instanceof Error ? error.stack : String(error)}\n`),
    });
    await broker.start();
    await feed.start();
    start();
    const last = tape.days.at(-1) ?? isoDate('1970-01-01');
    await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, atNewYork(nextTradingDay(last), '08:00'));
    runtime.stop();
    journal.flush();
    const rows = [...journal.reader.rows(1)];
    journal.close();
    const report = audit(
      {
        orders: exchange.orders().map((order) => ({
          id: order.brokerOrderId,
          clientOrderId: order.clientOrderId,
          origin: order.origin,
          legs: order.legs,
          quantity: order.quantity,
          filledQuantity: order.filledQuantity,
          netLimit: order.netLimit,
          status: order.status === 'cancelled' ? 'canceled' : order.status,
          createdAt: order.createdAt,
          updatedAt: order.updatedAt,
        })),
        ledger: exchange.ledger(),
      },
      rows,
      settings,
    );
    const ledger = exchange.ledger();
    const cleared = (kind: string): number => ledger.filter((entry) => entry.kind === kind).length;
    const counts = countRun(rows);
    printResult(
      {
        layout: values.layout,
        strategies,
        daysUsed: tape.days.length,
        daysSkipped: tape.skipped,
        rowsRead: tape.rowsRead,
        rowsRejected: tape.rejected.length,
        slippageModel: `share of the half-spread by legs: ${SHARE_OF_HALF_SPREAD.slice(1).join(', ')}`,
        wallMs: Math.round(performance.now() - started),
        ...counts,
        assignments: cleared('assignment'),
        expirations: cleared('expiration') + cleared('exercise'),
        equityStartCents: startingCash,
        equityEndCents: exchange.account().equity,
        tradesStillOpen: counts.tradesOpened - counts.tradesClosed,
        legsStillHeld: exchange.holdings().length,
        unintendedOrders: report.unintendedOrders,
        duplicateOrders: report.duplicateOrders,
        lostOrders: report.lostOrders,
        limitBreaches: report.limitBreaches,
        positionMismatches: report.positionMismatches,
        ...(report.findings.length === 0 ? {} : { findings: report.findings.slice(0, 10) }),
      },
      values.json,
    );
    return report.findings.length === 0 && !runtime.isHalted() ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError || error instanceof TapeError ? 2 : 1);
  },
);
