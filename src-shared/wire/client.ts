import type { CommandName, FeedName, InputOf, ItemOf, OutputOf, QueryName } from '#contract/contract';
import type { ContractFailure } from '#contract/verbs';
import { hostFrame, WireFailure } from './frames.ts';
import type { Pipe, Unsubscribe } from './pipe.ts';

/** The window's end of a pipe. Failures reject with (or are) `{code, message, retryable}`. */
export interface Client {
  query<Name extends QueryName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** `input.commandId` makes a repeated send act once, so a retryable failure may be sent again with the same id. */
  command<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** Every newer snapshot until unsubscribed. A gap in the sequence subscribes again by itself. */
  feed<Name extends FeedName>(
    name: Name,
    input: InputOf<Name>,
    onItem: (item: ItemOf<Name>) => void,
    onFailure?: (failure: ContractFailure) => void,
  ): Unsubscribe;
  /** Resolves with the reason in words when the line is gone. */
  readonly closed: Promise<string>;
  close(): void;
}

interface Pending {
  resolve(output: unknown): void;
  reject(failure: WireFailure): void;
}

interface Subscription {
  lastSeq: number;
  readonly take: (item: unknown) => void;
  readonly fail: (failure: ContractFailure) => void;
  readonly again: () => void;
}

/** Speaks the contract over a pipe. The pipe must already be authenticated. */
export function connect(pipe: Pipe): Client {
  const pending = new Map<number, Pending>();
  const subscriptions = new Map<number, Subscription>();
  let lastId = 0;
  let goneBecause: string | null = null;

  const nextId = (): number => {
    lastId += 1;
    return lastId;
  };

  pipe.onFrame((raw) => {
    const parsed = hostFrame.safeParse(raw);
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.kind === 'item') {
      takeItem(frame.id, frame.seq, frame.item);
      return;
    }
    const call = pending.get(frame.id);
    pending.delete(frame.id);
    if (frame.kind === 'answer') call?.resolve(frame.output);
    else if (call) call.reject(new WireFailure(frame.failure));
    else failFeed(frame.id, frame.failure);
  });

  const closed = new Promise<string>((resolve) => {
    pipe.onClosed((reason) => {
      goneBecause = reason;
      const failure = new WireFailure({ code: 'disconnected', message: reason, retryable: true });
      for (const call of pending.values()) call.reject(failure);
      pending.clear();
      subscriptions.clear();
      resolve(reason);
    });
  });

  function takeItem(id: number, seq: number, item: unknown): void {
    const subscription = subscriptions.get(id);
    if (!subscription) return;
    if (seq !== subscription.lastSeq + 1) {
      stop(id);
      subscription.again();
      return;
    }
    subscription.lastSeq = seq;
    subscription.take(item);
  }

  function failFeed(id: number, failure: ContractFailure): void {
    const subscription = subscriptions.get(id);
    subscriptions.delete(id);
    subscription?.fail(failure);
  }

  function stop(id: number): void {
    if (subscriptions.delete(id) && goneBecause === null) pipe.send({ kind: 'unsubscribe', id });
  }

  function call<Name extends QueryName | CommandName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    return new Promise((resolve, reject) => {
      if (goneBecause !== null) {
        reject(new WireFailure({ code: 'disconnected', message: goneBecause, retryable: true }));
        return;
      }
      const id = nextId();
      pending.set(id, {
        resolve: (output) => {
          if (isOutputOf(name, output)) resolve(output);
        },
        reject,
      });
      pipe.send({ kind: 'call', id, name, input });
    });
  }

  return {
    query: call,
    command: call,
    feed(name, input, onItem, onFailure) {
      let current = 0;
      let stopped = false;
      const start = (): void => {
        if (stopped || goneBecause !== null) return;
        current = nextId();
        subscriptions.set(current, {
          lastSeq: 0,
          take: (item) => {
            if (isItemOf(name, item)) onItem(item);
          },
          fail: (failure) => onFailure?.(failure),
          again: start,
        });
        pipe.send({ kind: 'subscribe', id: current, name, input });
      };
      start();
      return () => {
        stopped = true;
        stop(current);
      };
    },
    closed,
    close: () => pipe.close('closed by this window'),
  };
}

/** The host is the same build and typed by the same contract: its outputs are taken at their word, here and nowhere else. */
function isOutputOf<Name extends QueryName | CommandName>(_name: Name, _output: unknown): _output is OutputOf<Name> {
  return true;
}

function isItemOf<Name extends FeedName>(_name: Name, _item: unknown): _item is ItemOf<Name> {
  return true;
}
