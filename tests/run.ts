/**
 * The test command: types, lint, unused code, dependency rules, unit, integration and simulation tests, then the browser.
 * Every step runs even when an earlier one failed; the last line is `N passed, N failed`. What a whole run came to is noted in the
 * data folder, beside what the battery proved of this build.
 */
import '#adapters/runtime/runtimeCheck';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { noteTests } from './testEvidence.ts';

interface Step {
  readonly title: string;
  run(): Counts;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, told again under the summary: the end of a log is often all that is kept of it. */
  readonly failures?: readonly string[];
}

/** The part of Vitest's report that is counted and told. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const bin = (name: string): string => join('node_modules', '.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'strikedesk-tests-'));
const only = process.argv.slice(2);

/** A check that passes or fails as a whole. */
function check(title: string, command: string, args: readonly string[]): Step {
  return {
    title,
    run() {
      const done = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
      return done.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

/** A Vitest run; its own counts are added. The keychain tests need a session bus with an unlocked keyring. */
function vitest(title: string, config: string): Step {
  return {
    title,
    run() {
      const report = join(scratch, `${title.replace(/\W/g, '-')}.json`);
      const args = ['run', '--config', config, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
      const inKeyring =
        spawnSync('sh', ['-c', 'command -v dbus-run-session && command -v gnome-keyring-daemon'], { stdio: 'ignore' }).status ===
        0;
      const script = `printf 'test\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec ${bin('vitest')} ${args.join(' ')}`;
      const environment = { ...process.env, HOME: process.env['HOME'] ?? scratch, XDG_DATA_HOME: join(scratch, 'xdg') };
      const done = inKeyring
        ? spawnSync('dbus-run-session', ['--', 'bash', '-c', script], {
            stdio: ['ignore', 'inherit', 'inherit'],
            env: { ...environment, STRIKEDESK_TEST_KEYRING: '1' },
          })
        : spawnSync(bin('vitest'), args, { stdio: ['ignore', 'inherit', 'inherit'] });
      if (!existsSync(report)) return { passed: 0, failed: 1 };
      const counts = JSON.parse(readFileSync(report, 'utf8')) as Report;
      const failed =
        counts.numFailedTests > 0 ? counts.numFailedTests : done.status === 0 ? 0 : Math.max(1, counts.numFailedTestSuites);
      return { passed: counts.numPassedTests, failed, failures: failuresOf(counts) };
    },
  };
}

/** Each test that failed, with its file and the first lines of why; a file that did not even load says so itself. */
function failuresOf({ testResults }: Report): readonly string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return message ? [`${file}: ${firstLines(message)}`] : [];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLines(failureMessages[0] ?? '')}`);
  });
}

const firstLines = (text: string): string => text.split('\n').slice(0, 4).join(' ').slice(0, 600);

const steps: readonly Step[] = [
  ...['pure', 'shared', 'main', 'renderer', 'tests'].map((name) =>
    check(`types: ${name}`, bin('tsc'), ['-p', `tsconfig.${name}.json`]),
  ),
  check('lint and format', bin('biome'), ['ci', '--max-diagnostics=30', '.']),
  check('unused code', bin('knip'), []),
  vitest('unit, integration and simulation', 'vitest.config.ts'),
  vitest('browser', 'tests/e2e/vitest.config.ts'),
];

let passed = 0;
let failed = 0;
const summary: string[] = [];
for (const step of steps.filter((candidate) => only.length === 0 || only.some((word) => candidate.title.includes(word)))) {
  console.log(`\n== ${step.title}`);
  const started = performance.now();
  const result = step.run();
  passed += result.passed;
  failed += result.failed;
  summary.push(
    `${result.failed === 0 ? 'ok  ' : 'FAIL'} ${step.title}: ${result.passed} passed, ${result.failed} failed (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  for (const failure of result.failures ?? []) summary.push(`       ${failure}`);
}
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${summary.join('\n')}`);
console.log(`Evidence of the tests ${noteTests({ passed, failed }, { whole: only.length === 0, at: new Date() })}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
