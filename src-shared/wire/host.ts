import {
  type CallName,
  type CommandName,
  contract,
  type FeedName,
  type ItemOf,
  type OutputOf,
  type ParsedOf,
  type QueryName,
} from '#contract/contract';
import type { ContractFailure } from '#contract/verbs';
import { clientFrame, WireFailure } from './frames.ts';
import type { Pipe, Unsubscribe } from './pipe.ts';
import { isPlain } from './plain.ts';

export type Role = 'owner' | 'operator' | 'viewer';

/** Who sits at the other end; every act carries it into the journal. */
export interface Caller {
  readonly role: Role;
  readonly via: 'desktop' | 'browser' | 'commandLine' | 'tray' | 'telegram';
  readonly name: string;
}

export type QueryHandlers = {
  readonly [Name in QueryName]: (input: ParsedOf<Name>, caller: Caller) => OutputOf<Name> | Promise<OutputOf<Name>>;
};
export type CommandHandlers = {
  readonly [Name in CommandName]: (input: ParsedOf<Name>, caller: Caller) => OutputOf<Name> | Promise<OutputOf<Name>>;
};
/** Calls `push` with the whole snapshot first (at once or soon), then with every newer one, until unsubscribed. */
export type FeedHandlers = {
  readonly [Name in FeedName]: (input: ParsedOf<Name>, push: (item: ItemOf<Name>) => void, caller: Caller) => Unsubscribe;
};
export type Handlers = QueryHandlers & CommandHandlers & FeedHandlers;

export interface ServeOptions {
  readonly caller: Caller;
  /** A handler threw something that is not a {@link WireFailure}: the program is wrong. The window only hears 'internal'. */
  onError(name: string, error: unknown): void;
}

/** Subscriptions that one window may hold at once. */
export const MAX_SUBSCRIPTIONS = 100;
/** Calls that one window may have unanswered at once. */
export const MAX_CALLS_IN_FLIGHT = 200;

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, owner: 2 };

/** Answers the contract on a pipe until it closes. Every input is parsed by the contract's schema before a handler sees it. */
export function serve(pipe: Pipe, handlers: Handlers, options: ServeOptions): Unsubscribe {
  const feeds = new Map<number, Unsubscribe>();
  let inFlight = 0;
  let stopped = false;

  const stopFrames = pipe.onFrame((raw) => {
    const parsed = clientFrame.safeParse(raw);
    if (!parsed.success) {
      pipe.close('a frame was not understood');
      return;
    }
    const frame = parsed.data;
    if (frame.kind === 'unsubscribe') endFeed(frame.id);
    else if (frame.kind === 'subscribe') subscribe(frame.id, frame.name, frame.input);
    else void answer(frame.id, frame.name, frame.input);
  });
  pipe.onClosed(stopAll);

  async function answer(id: number, name: string, raw: unknown): Promise<void> {
    if (inFlight >= MAX_CALLS_IN_FLIGHT) {
      refuse(id, { code: 'busy', message: 'Too many calls at once.', retryable: true });
      return;
    }
    inFlight += 1;
    try {
      send({ kind: 'answer', id, output: await run(name, raw) });
    } catch (error) {
      refuse(id, failureFrom(name, error));
    } finally {
      inFlight -= 1;
    }
  }

  function run(name: string, raw: unknown): unknown {
    if (isQuery(name)) return handleQuery(name, inputOf(name, raw));
    if (isCommand(name)) {
      const needed = contract[name].role;
      if (RANK[options.caller.role] < RANK[needed])
        throw new WireFailure({
          code: 'forbidden',
          message: `This needs the ${needed}'s role; you are signed in as ${options.caller.role}.`,
          retryable: false,
        });
      return handleCommand(name, inputOf(name, raw));
    }
    throw unknownCall(name);
  }

  function handleQuery<Name extends QueryName>(name: Name, input: ParsedOf<Name>): unknown {
    const table: QueryHandlers = handlers;
    return table[name](input, options.caller);
  }

  function handleCommand<Name extends CommandName>(name: Name, input: ParsedOf<Name>): unknown {
    const table: CommandHandlers = handlers;
    return table[name](input, options.caller);
  }

  function subscribe(id: number, name: string, raw: unknown): void {
    try {
      if (!isFeed(name)) throw unknownCall(name);
      if (feeds.has(id)) throw new WireFailure({ code: 'badInput', message: `Subscription ${id} exists.`, retryable: false });
      if (feeds.size >= MAX_SUBSCRIPTIONS)
        throw new WireFailure({ code: 'busy', message: 'Too many subscriptions.', retryable: true });
      startFeed(id, name, inputOf(name, raw));
    } catch (error) {
      refuse(id, failureFrom(name, error));
    }
  }

  function startFeed<Name extends FeedName>(id: number, name: Name, input: ParsedOf<Name>): void {
    const table: FeedHandlers = handlers;
    let seq = 0;
    let ended = false;
    const stop = table[name](
      input,
      (item) => {
        if (ended) return;
        seq += 1;
        send({ kind: 'item', id, seq, item });
      },
      options.caller,
    );
    feeds.set(id, () => {
      ended = true;
      stop();
    });
  }

  function endFeed(id: number): void {
    feeds.get(id)?.();
    feeds.delete(id);
  }

  function send(frame: unknown): void {
    if (!stopped) pipe.send(frame);
  }

  function refuse(id: number, failure: ContractFailure): void {
    send({ kind: 'failure', id, failure });
  }

  function failureFrom(name: string, error: unknown): ContractFailure {
    if (error instanceof WireFailure) return { code: error.code, message: error.message, retryable: error.retryable };
    options.onError(name, error);
    return { code: 'internal', message: 'Strikedesk could not answer this; its log says why.', retryable: false };
  }

  function stopAll(): void {
    if (stopped) return;
    stopped = true;
    stopFrames();
    for (const stop of feeds.values()) stop();
    feeds.clear();
  }

  return stopAll;
}

function inputOf<Name extends CallName>(name: Name, raw: unknown): ParsedOf<Name> {
  if (!isPlain(raw))
    throw new WireFailure({
      code: 'badInput',
      message: `${name}: input: not plain values, too deep or too many`,
      retryable: false,
    });
  const parsed = contract[name].input.safeParse(raw);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    const field = first?.path.join('.') || 'input';
    throw new WireFailure({ code: 'badInput', message: `${name}: ${field}: ${first?.message ?? 'not valid'}`, retryable: false });
  }
  const input: unknown = parsed.data;
  if (!isParsedFor(name, input)) throw unknownCall(name);
  return input;
}

/** True by construction: the value just came out of this call's own schema. */
function isParsedFor<Name extends CallName>(_name: Name, _input: unknown): _input is ParsedOf<Name> {
  return true;
}

function isKnown(name: string): name is CallName {
  return Object.hasOwn(contract, name);
}

function isQuery(name: string): name is QueryName {
  return isKnown(name) && contract[name].verb === 'query';
}

function isCommand(name: string): name is CommandName {
  return isKnown(name) && contract[name].verb === 'command';
}

function isFeed(name: string): name is FeedName {
  return isKnown(name) && contract[name].verb === 'feed';
}

function unknownCall(name: string): WireFailure {
  return new WireFailure({ code: 'unknownCall', message: `There is no call '${name}'.`, retryable: false });
}
