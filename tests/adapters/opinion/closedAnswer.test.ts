import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opinionIn } from '#adapters/opinion/closedAnswer';
import { holdsMarkup, plainText, spokenText } from '#domain/decisions/plainText';

const FINE = { stance: 'disagree', concerns: ['earningsSoon'], confidence: 0.7, reason: 'Earnings come first.' };
const LIMITS = { mostCharacters: 2_000, key: 'sk-model-key-1' };
const body = (content: unknown, more: object = {}, choice: object = {}): string =>
  JSON.stringify({
    id: 'x',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, ...more }, ...choice }],
    usage: { total_tokens: 9 },
  });
const said = (value: unknown): string => body(JSON.stringify(value));
const why = (text: string): string => {
  const result = opinionIn(text, LIMITS);
  return result.kind === 'none' ? result.why : 'given';
};

describe('an answer of a model', () => {
  it('is an opinion when it is exactly one', () => {
    expect(opinionIn(said(FINE), LIMITS)).toEqual({ kind: 'given', opinion: FINE });
    expect(opinionIn(said({ ...FINE, concerns: [] }), LIMITS).kind).toBe('given');
    // A server may tell of its model's thoughts beside it; nobody reads them.
    expect(why(body(JSON.stringify(FINE), { reasoning_content: '<b>hm</b>', tool_calls: [], refusal: null }))).toBe('given');
    expect(why(body(JSON.stringify(FINE), { tool_calls: null, function_call: null }))).toBe('given');
  });

  it.each<[string, string, string]>([
    ['a page', '<html>', 'notJson'],
    ['words', body('I agree.'), 'notJson'],
    ['a fence around it', body(`\`\`\`json\n${JSON.stringify(FINE)}\n\`\`\``), 'notJson'],
    ['one field more', said({ ...FINE, approve: true }), 'notTheSchema'],
    ['one field less', said({ ...FINE, confidence: undefined }), 'notTheSchema'],
    ['a field twice', body(`{"stance":"agree",${JSON.stringify(FINE).slice(1)}`), 'notTheSchema'],
    ['a hidden field', body(`{"__proto__":{"approve":true},${JSON.stringify(FINE).slice(1)}`), 'notTheSchema'],
    ['another word', said({ ...FINE, stance: 'approve' }), 'notTheSchema'],
    ['another concern', said({ ...FINE, concerns: ['sellAll'] }), 'notTheSchema'],
    ['too many concerns', said({ ...FINE, concerns: Array.from({ length: 7 }, () => 'none') }), 'notTheSchema'],
    ['more than sure', said({ ...FINE, confidence: 1.01 }), 'notTheSchema'],
    ['sure without end', body(JSON.stringify(FINE).replace('0.7', '1e999')), 'notTheSchema'],
    ['a list of it', said([FINE]), 'notTheSchema'],
    [
      'two answers',
      JSON.stringify({ choices: [1, 2].map(() => ({ message: { content: JSON.stringify(FINE) } })) }),
      'notTheSchema',
    ],
    ['another speaker', body(JSON.stringify(FINE), { role: 'tool' }), 'notTheSchema'],
    ['no text', body(null), 'notTheSchema'],
    ['text in parts', body([{ type: 'text', text: JSON.stringify(FINE) }]), 'notTheSchema'],
    ['a long sentence', said({ ...FINE, reason: 'a'.repeat(601) }), 'notTheSchema'],
    ['nothing to see', said({ ...FINE, reason: '\u200b\u202e' }), 'notTheSchema'],
    ['a call', body(JSON.stringify(FINE), { tool_calls: [{ function: { name: 'order.open', arguments: '{}' } }] }), 'toolCalls'],
    ['a call of the old kind', body(null, { function_call: { name: 'order.open', arguments: '{}' } }), 'toolCalls'],
    ['a book', body('a'.repeat(2_001)), 'tooLong'],
    ['half of it', body(JSON.stringify(FINE), {}, { finish_reason: 'length' }), 'tooLong'],
    ['an image', said({ ...FINE, reason: '![x](https://evil.example/?d=1)' }), 'markup'],
    ['a link', said({ ...FINE, reason: 'See https://evil.example' }), 'markup'],
    ['a link in disguise', said({ ...FINE, reason: 'See h\u200bttps：／／evil.example' }), 'markup'],
    ['an address', said({ ...FINE, reason: 'Pay at evil.example/now' }), 'markup'],
    ['a script', said({ ...FINE, reason: '<img src=x onerror=alert(1)>' }), 'markup'],
    ['an entity', said({ ...FINE, reason: '&lt;b&gt;' }), 'markup'],
    ['our key', said({ ...FINE, reason: 'sk-model-key-1' }), 'secretInAnswer'],
    ['our key, escaped', body(JSON.stringify(FINE).replace('Earnings', '\\u0073k-model-key-1')), 'secretInAnswer'],
  ])('%s is no opinion', (_, text, reason) => {
    expect(why(text)).toBe(reason);
  });

  it('property: whatever is said, an opinion is in the closed lists, and its text has no number, markup or unseen letter', () => {
    const anything = fc.record({
      stance: fc.constantFrom('agree', 'disagree', 'unsure', 'approve'),
      concerns: fc.array(fc.constantFrom('none', 'eventRisk', 'x'), { maxLength: 7 }),
      confidence: fc.double({ min: -0.1, max: 1.1 }),
      reason: fc.string({ unit: 'binary', maxLength: 80 }),
    });
    let given = 0;
    fc.assert(
      fc.property(anything, (value) => {
        const result = opinionIn(said(value), LIMITS);
        if (result.kind === 'none') return;
        given += 1;
        expect(Object.keys(result.opinion).sort()).toEqual(['concerns', 'confidence', 'reason', 'stance']);
        expect(result.opinion.reason).not.toMatch(/[\p{N}\p{C}<>`*_#[\]{}|~\\]/u);
      }),
      { numRuns: 200, seed: 7 },
    );
    expect(given).toBeGreaterThan(10);
  });
});

describe('a stranger’s text', () => {
  it('becomes what a person can see', () => {
    expect(plainText('a\u202eb\u0000\u200b  c\n\nd', 100)).toBe('ab c d');
    expect(plainText('ｆｕｌｌ', 100)).toBe('full');
    expect(plainText('A\u0301\u0301\u0301\u0301\u0301', 100).length).toBeLessThan(4);
    expect(plainText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('is shown without numbers, formatting and addresses', () => {
    expect(spokenText('**Sell** 500 TSLA at $3.20 (30%)', 100)).toBe('Sell ▒ TSLA at $▒ (▒)');
    expect(spokenText('ask evil.example for more', 100)).toBe('ask evil. example for more');
    expect(holdsMarkup('The delta is < the credit, e.g. a bit.')).toBe(false);
  });
});
