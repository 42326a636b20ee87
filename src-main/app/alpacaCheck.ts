import '#adapters/runtime/runtimeCheck';
import { randomUUID } from 'node:crypto';
import { openCheckedAccount } from './alpacaCheck/account.ts';
import { runChecks } from './alpacaCheck/checks.ts';
import { findSpread } from './alpacaCheck/spread.ts';
import { commandLine } from './commandLine.ts';

const USAGE = `npm run -s alpaca-check -- [--json]
  Compares the configured Alpaca paper account, point by point, with what the adapter expects. Never on a live account.`;

const VERDICTS = { same: 'same', different: 'DIFFERENT', notProvoked: 'not provoked' } as const;

/** `npm run alpaca-check`: does the configured account behave as the adapter expects? Point by point; never on a live account. */
async function main(): Promise<number> {
  const { values } = commandLine(USAGE, { options: { json: { type: 'boolean', default: false } } });
  const account = await openCheckedAccount(process.env);
  try {
    const spread = await findSpread(account.probe, account.today);
    const items = await runChecks({ probe: account.probe, spread, run: `check-${randomUUID().slice(0, 8)}` });
    for (const { item, expected, seen, verdict } of items)
      process.stdout.write(
        `${VERDICTS[verdict].padEnd(13)}${item}\n             expected: ${expected}\n             seen:     ${seen}\n`,
      );
    const different = items.filter(({ verdict }) => verdict === 'different').length;
    const ok = different === 0;
    if (values.json)
      process.stdout.write(`${JSON.stringify({ venue: account.title, account: account.account, ok, different, items })}\n`);
    else process.stdout.write(`${account.title}: ${ok ? 'as expected' : `${different} of ${items.length} different`}\n`);
    return ok ? 0 : 1;
  } finally {
    await account.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
