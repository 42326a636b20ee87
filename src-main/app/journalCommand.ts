import '#adapters/runtime/runtimeCheck';
import { writeFileSync } from 'node:fs';
import { backUp } from '#adapters/journal/backup';
import { type ExportFormat, exportTrades } from '#adapters/journal/exports';
import { form8949Csv, taxRows, UNKNOWN_BASIS } from '#adapters/journal/form8949';
import { openJournalReader } from '#adapters/journal/journal';
import { restore } from '#adapters/journal/restore';
import { instant } from '#domain/units';
import type { JournalQueries } from '#ports/journalQueries';
import { BUILD } from './build.ts';
import { commandLine, endWith, UsageError, whole } from './commandLine.ts';
import { dataFolder } from './dataFolder.ts';
import { newestTape } from './desk/newTape.ts';
import { drill } from './journal/drill.ts';
import { keepDrill } from './journal/drillRecord.ts';
import { explainOrder } from './journal/explainOrder.ts';
import { replaySession } from './journal/replaySession.ts';

const USAGE = `npm run -s journal -- <verb> [--db <path>] [--json]
  verify  [--head <row>:<hash12>]  proves the chain, and that it holds the head which an evening’s notice named
  backup  [--to <folder>]    copies the journal while it is in use, and checks the copy
  restore --from <backup>    puts a backup in the journal's place (the old one is kept beside it)
  drill                      backs up, restores elsewhere, proves the chain, compares heads and states
  explain --order <intent>   from build and settings over scan, decision and verdict to the broker's last word
  export  --format csv|json|schema|form8949 [--to <file>] [--year <tax year, form8949>]
  replay  [--tape <file>]    makes every decision of a recorded session again (the newest) and compares
  show    [--limit <n>]      the newest rows`;

interface Answer {
  readonly ok: boolean;
  readonly [key: string]: unknown;
}

const { values, positionals } = commandLine(USAGE, {
  allowPositionals: true,
  options: {
    db: { type: 'string' },
    to: { type: 'string' },
    from: { type: 'string' },
    order: { type: 'string' },
    head: { type: 'string' },
    tape: { type: 'string' },
    format: { type: 'string', default: 'csv' },
    limit: { type: 'string', default: '20' },
    year: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const VERBS = ['verify', 'backup', 'restore', 'drill', 'explain', 'export', 'replay', 'show'] as const;

function verbOf(text: string | undefined): (typeof VERBS)[number] {
  const verb = VERBS.find((known) => known === text);
  return verb ?? endWith(`${text === undefined ? 'Name a verb.' : `There is no verb '${text}'.`}\n${USAGE}`);
}

async function run(verb: (typeof VERBS)[number]): Promise<Answer> {
  const folder = dataFolder();
  const path = values.db ?? folder.journal;
  if (verb === 'restore') {
    if (!values.from) throw new UsageError('restore needs --from <backup>.');
    const verdict = await restore(values.from, path, instant(Date.now()));
    return { ok: true, db: path, from: values.from, events: verdict.events, head: verdict.head };
  }
  if (verb === 'drill') return drilled(path, path === folder.journal ? folder.restoreDrill : null);
  const journal = openJournalReader(path);
  try {
    switch (verb) {
      case 'explain':
        return explained(journal.reader, values.order);
      case 'verify': {
        const { ok, events, firstBad, reason, head } = journal.reader.verify();
        const missing = values.head === undefined ? null : headMissing(journal.reader, values.head);
        return { ok: ok && missing === null, events, firstBad, reason: reason || (missing ?? ''), head };
      }
      case 'backup': {
        // Only the desk drops old ones, by its settings: a copy made by hand takes nothing away.
        const made = await backUp(journal.db, values.to ?? folder.backups, instant(Date.now()), null);
        return { ok: true, ...made };
      }
      case 'replay': {
        const tape = values.tape ?? newestTape(folder.tapes);
        if (tape === null) throw new UsageError(`No session is recorded in ${folder.tapes} (journal.recordSessions).`);
        return { ...replaySession(tape, journal.reader, BUILD), tape };
      }
      case 'export':
        if (values.format === 'form8949') return taxes(journal.reader, values.to);
        return exported(journal.reader.trades(1_000_000), formatOf(values.format), values.to);
      case 'show': {
        const shown = journal.reader.events({
          kinds: null,
          text: null,
          beforeSeq: null,
          limit: whole('--limit', values.limit, 1, 1_000_000),
        });
        for (const row of [...shown.rows].reverse())
          process.stdout.write(`${row.seq} ${new Date(row.at).toISOString()} ${row.fact.kind} ${JSON.stringify(row.fact)}\n`);
        return { ok: true, events: shown.total, shown: shown.rows.length };
      }
    }
  } finally {
    journal.close();
  }
}

/** A drill, and what it came to on record where it is the desk's own journal: the Safety panel shows its age. */
async function drilled(path: string, record: string | null): Promise<Answer> {
  const keep = (ok: boolean, events: number, reason: string): void => {
    if (record !== null) keepDrill(record, { at: Date.now(), ok, events, reason });
  };
  try {
    const result = await drill(path);
    keep(result.ok, result.events, result.reason || (result.ok ? '' : 'the copy does not come to the same state'));
    return { ...result };
  } catch (error) {
    keep(false, 0, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** Why the chain does not hold the row that an evening's notice named ('1234:0123456789ab'); null when it does. */
function headMissing(journal: JournalQueries, noted: string): string | null {
  const [, seq = '', hash12 = ''] = /^(\d{1,15}):([0-9a-f]{12})$/.exec(noted) ?? [];
  if (seq === '')
    throw new UsageError(`--head is a row and twelve signs of its hash, such as 1234:0123456789ab, not '${noted}'.`);
  const [row] = journal.rows(Number(seq));
  if (row?.seq !== Number(seq)) return `row ${seq} was there in that evening and is gone`;
  return row.hash.startsWith(hash12) ? null : `row ${seq} is not the one that was there in that evening`;
}

function explained(journal: JournalQueries, order: string | undefined): Answer {
  if (!order) throw new UsageError('explain needs --order <intent>, as Orders and the journal name it.');
  const { complete, missing, links } = explainOrder(journal, order);
  if (!values.json)
    for (const { step, seq, at, hash, what } of links)
      process.stdout.write(`${seq} ${new Date(at).toISOString()} ${step.padEnd(8)} ${hash.slice(0, 12)} ${what}\n`);
  return { ok: complete, order, missing, ...(values.json ? { links } : { links: links.length }) };
}

function taxes(journal: JournalQueries, to: string | undefined): Answer {
  if (values.year !== undefined && !/^\d{4}$/.test(values.year))
    return { ok: false, reason: `--year is a year, not '${values.year}'` };
  const rows = taxRows(journal.rows(1), values.year === undefined ? null : Number(values.year));
  const text = form8949Csv(rows);
  if (to) writeFileSync(to, text);
  else process.stdout.write(text);
  const disallowed = rows.reduce((sum, row) => sum + row.adjustment, 0) / 100;
  const noted = (word: string): number => rows.filter(({ note }) => note.includes(word)).length;
  const unknown = noted(UNKNOWN_BASIS);
  return {
    // A row without what it cost is no answer: whoever takes the file must see that something is left to do.
    ok: unknown === 0,
    rows: rows.length,
    unknownBasis: unknown,
    tradedElsewhere: noted('traded elsewhere too'),
    washSales: rows.filter(({ code }) => code === 'W').length,
    disallowed,
    toBeJudged: noted('may be a wash sale'),
    stillOpen: noted('30 days open'),
    file: to ?? null,
  };
}

function exported(trades: Parameters<typeof exportTrades>[0], format: ExportFormat, to: string | undefined): Answer {
  const made = exportTrades(trades, format);
  if (to) writeFileSync(to, made.text);
  else process.stdout.write(made.text.endsWith('\n') ? made.text : `${made.text}\n`);
  return { ok: true, trades: trades.length, format, file: to ?? null };
}

function formatOf(text: string): ExportFormat {
  if (text === 'csv' || text === 'json' || text === 'schema') return text;
  throw new UsageError(`--format is csv, json, schema or form8949, not '${text}'.`);
}

function print(answer: Answer): void {
  if (values.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else for (const [key, value] of Object.entries(answer)) process.stderr.write(`${key}: ${String(value)}\n`);
}

// Whoever reads may stop early (head, less): that is no error.
process.stdout.on('error', () => process.exit());

try {
  const answer = await run(verbOf(positionals[0]));
  print(answer);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  if (error instanceof UsageError) endWith(`${error.message}\n${USAGE}`);
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\n`);
  print({ ok: false, events: 0, firstBad: null, reason });
  process.exitCode = 1;
}
