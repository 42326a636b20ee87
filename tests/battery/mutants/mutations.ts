import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** One small change to the gate's text: `replacement` instead of the characters from `start` to `end` of `file`. */
export interface Mutant {
  /** `file:line what`, with a number behind it where a line has the same change twice. */
  readonly name: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const GATE_FOLDER = 'src-main/engine/risk';

/** Where a comparison may be wrong by one step, and where it says the contrary. */
const FLIPS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
};

const GATE_CALL = /^(atMost|atLeast|above|below|holds|[a-zA-Z]+Gates?)$/;

/** Every mutant of every file of the gate, in the order of the text. */
export function mutantsOfTheGate(root: string): readonly Mutant[] {
  return readdirSync(join(root, GATE_FOLDER))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => mutantsOf(`${GATE_FOLDER}/${file}`, readFileSync(join(root, GATE_FOLDER, file), 'utf8')));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every mutant of one text. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { program, errors } = parseSync(file, text, { lang: 'ts', sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message}`);
  const found: Mutant[] = [];
  const seen = new Map<string, number>();
  const add = ({ start, end }: Span, replacement: string, what: string): void => {
    const line = text.slice(0, start).split('\n').length;
    const base = `${file}:${line} ${what}`;
    const times = (seen.get(base) ?? 0) + 1;
    seen.set(base, times);
    found.push({ name: times === 1 ? base : `${base} #${times}`, file, start, end, replacement });
  };
  const operator = (whole: Span, left: Span, right: Span, sign: string): void => {
    const between = text.slice(left.end, right.start);
    const start = left.end + between.indexOf(sign);
    for (const other of FLIPS[sign] ?? [])
      add({ start, end: start + sign.length }, other, `${sign} becomes ${other} in ${shown(whole)}`);
  };
  const called = (node: { readonly type: string }): string | null => {
    if (node.type === 'SpreadElement' && 'argument' in node) return called(node.argument as { readonly type: string });
    if (node.type !== 'CallExpression' || !('callee' in node)) return null;
    const callee = node.callee as Span & { readonly type: string };
    const name = callee.type === 'Identifier' ? text.slice(callee.start, callee.end) : '';
    return GATE_CALL.test(name) ? name : null;
  };
  const shown = ({ start, end }: Span): string => text.slice(start, end).replaceAll(/\s+/g, ' ').slice(0, 60);
  new Visitor({
    BinaryExpression: (node) => operator(node, node.left, node.right, node.operator),
    LogicalExpression: (node) => operator(node, node.left, node.right, node.operator),
    UnaryExpression: (node) => {
      if (node.operator === '!') add({ start: node.start, end: node.start + 1 }, '', `drops the 'not' of ${shown(node)}`);
    },
    ArrayExpression: (node) => {
      for (const element of node.elements) {
        if (element === null || called(element) === null) continue;
        const comma = /^\s*,/.exec(text.slice(element.end))?.[0].length ?? 0;
        add({ start: element.start, end: element.end + comma }, '', `drops ${shown(element)}`);
      }
    },
    ExpressionStatement: (node) => {
      if (/^gates\.push\(/.test(text.slice(node.start, node.end))) add(node, ';', `drops ${shown(node)}`);
    },
    CallExpression: (node) => {
      const passed = node.arguments[1];
      if (called(node) !== 'holds' || passed === undefined) return;
      for (const constant of ['true', 'false']) add(passed, constant, `always ${constant}: ${shown(node)}`);
    },
    Property: (node) => {
      const isVerdict = text.slice(node.key.start, node.key.end) === 'passed' && !node.shorthand;
      if (isVerdict) for (const constant of ['true', 'false']) add(node.value, constant, `passed is always ${constant}`);
    },
    VariableDeclarator: (node) => {
      if (node.init && text.slice(node.id.start, node.id.end) === 'passed')
        for (const constant of ['true', 'false']) add(node.init, constant, `passed is always ${constant}`);
    },
  }).visit(program);
  return found.filter(({ start, end, replacement }) => text.slice(start, end) !== replacement);
}
