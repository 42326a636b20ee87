import { describe, expect, it } from 'vitest';
import { contract } from '#contract/contract';

const calls = Object.entries(contract);

describe('the contract', () => {
  it('has every call once, under a subject', () => {
    expect(calls.length).toBeGreaterThan(40);
    for (const [name] of calls) expect(name).toMatch(/^[a-zA-Z]+\.[a-zA-Z]+$/);
  });

  it('gives every command an id, so that a double press is one act', () => {
    const commands = calls.filter(([, call]) => call.verb === 'command');
    expect(commands.length).toBeGreaterThan(15);
    for (const [name, { input }] of commands) {
      const missing = input.safeParse({});
      expect(missing.success, name).toBe(false);
      expect(
        missing.error?.issues.some(({ path }) => path[0] === 'commandId'),
        name,
      ).toBe(true);
    }
  });

  it('refuses fields that it does not know', () => {
    for (const [name, { input }] of calls) {
      const parsed = input.safeParse({ surprise: 1 });
      expect(parsed.success, name).toBe(false);
    }
  });

  it('never gives a secret back', () => {
    const out = calls
      .filter(([name, call]) => call.verb !== 'command' && /credential|secret|key/i.test(name))
      .map(([name]) => name);
    expect(out).toEqual(['credentials.view']);
  });
});
