import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'strikedesk-usage-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const COMMANDS = {
  kill: 'src-main/app/kill.ts',
  journal: 'src-main/app/journalCommand.ts',
  secrets: 'src-main/app/secretsCommand.ts',
  simulate: 'src-main/app/simulate.ts',
  replay: 'src-main/app/replay.ts',
  'alpaca-check': 'src-main/app/alpacaCheck.ts',
  serve: 'src-main/app/serve.ts',
  battery: 'tests/battery/run.ts',
  bench: 'tests/bench/run.ts',
} as const;

function typed(command: keyof typeof COMMANDS, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMANDS[command], ...args], {
    env: { ...process.env, STRIKEDESK_HOME: home },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe.each(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])('npm run -s %s', (command) => {
  it('--help prints how it is called, and ends well', () => {
    const { status, stdout, stderr } = typed(command, '--help');
    expect(stdout).toMatch(new RegExp(`^npm run -s ${command} -- `));
    expect(stdout).toContain('--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('an option that it does not have is named, with the usage and without a stack', () => {
    const { status, stdout, stderr } = typed(command, '--sedd', '7');
    expect(status).toBe(2);
    expect(stderr).toContain("Unknown option '--sedd'.");
    expect(stderr).toContain(`npm run -s ${command} -- `);
    expect(stderr).not.toMatch(/\n {4}at |node:internal/);
    expect(stdout).toBe('');
  });
});

describe('a command line that is not understood', () => {
  it('leaves the kill switch where it is', () => {
    for (const args of [['--freeze'], ['freez'], ['freeze', 'now'], ['--reason']])
      expect(typed('kill', ...args).status, args.join(' ')).toBe(2);
    expect(existsSync(join(home, 'kill-switch.latch'))).toBe(false);
  });

  it.each([
    ['journal', ['verfy'], "There is no verb 'verfy'."],
    ['journal', [], 'Name a verb.'],
    ['journal', ['restore'], 'restore needs --from <backup>.'],
    ['secrets', ['migrate', '--to', 'plain'], "not 'plain'"],
    ['simulate', ['--days', 'ten'], "--days takes a whole number from 1 to 2520, not 'ten'."],
    ['battery', ['powr'], "There is no command 'powr'."],
    ['battery', ['power', '--cuts', 'many'], "--cuts takes a whole number, not 'many'."],
    ['battery', ['power', '--seeds', '3'], "power: Unknown option '--seeds'."],
    ['bench', ['constructor'], "There is no benchmark 'constructor'."],
  ] as const)('%s %j: %s', (command, args, said) => {
    const { status, stderr } = typed(command, ...args);
    expect(stderr).toContain(said);
    expect(status).toBe(2);
  });
});
