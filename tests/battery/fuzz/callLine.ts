import { contract } from '#contract/contract';
import { hostFrame } from '#wire/frames';

/** One end of a line to a desk, whatever carries it. */
export interface Wire {
  send(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClosed(listener: () => void): void;
}

interface Outgoing {
  readonly id: number;
  readonly name: string;
}

/** What became of the calls of one line. */
export interface Answered {
  readonly sent: number;
  readonly answered: number;
  /** Answers that are none of the forms that the wire has, or an outcome of a command without its two words. */
  readonly untyped: readonly string[];
}

/** Calls at once: below what the host allows, so that each is really looked at. */
const IN_FLIGHT = 50;
const PATIENCE_MS = 60_000;

/** Sends `calls` calls and hears the answer of each; a line that ends before that has lost the rest of them. */
export function callLine(
  wire: Wire,
  calls: number,
  next: (id: number) => Outgoing,
  heard: (name: string, answer: string, output: unknown) => void,
): Promise<Answered> {
  return new Promise((resolve) => {
    const open = new Map<number, string>();
    const untyped: string[] = [];
    let sent = 0;
    let answered = 0;
    const timer = setTimeout(() => end(), PATIENCE_MS);
    const end = (): void => {
      clearTimeout(timer);
      resolve({ sent, answered, untyped });
    };
    const more = (): void => {
      while (sent < calls && open.size < IN_FLIGHT) {
        sent += 1;
        const frame = next(sent);
        open.set(frame.id, frame.name);
        wire.send(frame);
      }
      if (answered >= calls) end();
    };
    wire.onClosed(end);
    wire.onFrame((raw) => {
      const parsed = hostFrame.safeParse(raw);
      const frame = parsed.data;
      const name = frame && open.get(frame.id);
      if (!frame || name === undefined || frame.kind === 'item') {
        untyped.push(JSON.stringify(raw).slice(0, 200));
        return;
      }
      open.delete(frame.id);
      answered += 1;
      if (frame.kind === 'answer' && isCommand(name) && !isOutcome(frame.output)) untyped.push(`${name}: no outcome`);
      heard(name, frame.kind === 'failure' ? frame.failure.code : outcomeOf(name, frame.output), outputOf(frame));
      more();
    });
    more();
  });
}

function outputOf(frame: { readonly kind: string; readonly output?: unknown }): unknown {
  return frame.kind === 'answer' ? frame.output : null;
}

function isCommand(name: string): boolean {
  return Object.entries(contract).some(([known, { verb }]) => known === name && verb === 'command');
}

function isOutcome(output: unknown): output is { readonly kind: 'done' | 'refused'; readonly ids: readonly unknown[] } {
  if (typeof output !== 'object' || output === null || !('kind' in output) || !('message' in output) || !('ids' in output))
    return false;
  return (output.kind === 'done' || output.kind === 'refused') && Array.isArray(output.ids);
}

function outcomeOf(name: string, output: unknown): string {
  return isCommand(name) && isOutcome(output) ? output.kind : 'answer';
}

/** The first id of an outcome: a nonce, an intent, a file. */
export function firstIdOf(output: unknown): string | null {
  return isOutcome(output) && typeof output.ids[0] === 'string' ? output.ids[0] : null;
}
