import '#adapters/runtime/runtimeCheck';
import { takeWriterLock } from '#adapters/journal/writerLock';
import { openLatchFile, throwLatch } from '#adapters/latch/latchFile';
import { instant } from '#domain/units';
import { commandLine, endWith } from './commandLine.ts';
import { dataFolder, prepareDataFolder } from './dataFolder.ts';

const USAGE = `npm run -s kill -- [stop-entries|freeze|flatten] [--reason <text>] [--json]
  stop-entries   nothing new is opened, exits go on (what is done without a verb)
  freeze         working orders are cancelled, nothing more is sent
  flatten        every position is worked out at stated worst prices
With a command line that is not understood the switch is not moved.`;

const DOES = {
  REDUCING: 'No new positions are opened; exits go on.',
  HALTED: 'Working orders are cancelled and nothing more is sent.',
  FLATTENING: 'Every position is worked out at stated worst prices.',
  ACTIVE: 'Trading goes on.',
} as const;

const { values, positionals } = commandLine(USAGE, {
  allowPositionals: true,
  options: { reason: { type: 'string', default: 'Thrown from the command line' }, json: { type: 'boolean', default: false } },
});
const verb = positionals[0] ?? 'stop-entries';
if (verb !== 'stop-entries' && verb !== 'freeze' && verb !== 'flatten') endWith(`There is no verb '${verb}'.\n${USAGE}`);
if (positionals.length > 1) endWith(`One verb at a time, not '${positionals.join(' ')}'.\n${USAGE}`);

const folder = dataFolder();
prepareDataFolder(folder);
// The latch is written first: whatever else fails below, the switch is thrown.
const { before, after } = throwLatch(openLatchFile(folder.latch), {
  verb,
  reason: values.reason,
  by: 'command line',
  at: instant(Date.now()),
});
const running = engineRuns();
const effect = running
  ? 'The running engine reads it before anything else it sends.'
  : 'No engine is running here: the next start begins in this state.';
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ ok: true, before: before.state, state: after.state, reason: after.reason, engineRunning: running, latch: folder.latch })}\n`,
  );
else process.stdout.write(`Kill switch: ${before.state} -> ${after.state}. ${DOES[after.state]} ${effect}\n`);

function engineRuns(): boolean {
  try {
    const lock = takeWriterLock(folder.journal);
    lock?.release();
    return lock === null;
  } catch {
    return false;
  }
}
