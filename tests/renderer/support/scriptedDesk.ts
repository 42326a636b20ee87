import type { ActOutcome } from '#contract/desk';
import { connect } from '#wire/client';
import { type Handlers, serve } from '#wire/host';
import { memoryPipes } from '#wire/memoryPipe';
import type { OpenLink } from '../../../src-renderer/connection/session.ts';
import { makeScript } from './script.ts';

declare global {
  interface Window {
    /** Every command that reached the script, for tests to count. */
    scriptedCommands?: { name: string; input: unknown }[];
    breakScriptedLink?: () => void;
    /** The line breaks once a command has acted, before its answer. */
    loseNextAnswer?: boolean;
  }
}

type Script = ReturnType<typeof makeScript>;
type Push = (item: unknown) => void;

/** The script's plain answers as the handlers of a host: commands act once per id, feeds push at every tick. */
function handlersOf(script: Script, live: Set<() => void>): Handlers;
function handlersOf(script: Script, live: Set<() => void>): unknown {
  const feeds = Object.entries(script.feeds).map(([name, snapshot]) => [
    name,
    (input: never, push: Push) => {
      const again = () => push(snapshot(input));
      live.add(again);
      again();
      return () => live.delete(again);
    },
  ]);
  const commands = Object.entries(script.commands).map(([name, act]) => [
    name,
    (input: never) => {
      window.scriptedCommands?.push({ name, input });
      const { commandId } = idOf(input);
      const known = script.acted.get(commandId);
      const outcome = known ? repeated(known) : act(input);
      if (!known) script.acted.set(commandId, outcome);
      for (const push of live) push();
      if (window.loseNextAnswer) {
        window.loseNextAnswer = false;
        window.breakScriptedLink?.();
      }
      return outcome;
    },
  ]);
  return { ...script.queries, ...Object.fromEntries(feeds), ...Object.fromEntries(commands) };
}

function repeated(known: ActOutcome): ActOutcome {
  return { ...known, message: `This press was answered before: nothing new was sent. ${known.message}`, repeated: true };
}

function idOf(input: { readonly commandId: string }): { readonly commandId: string } {
  return input;
}

/** Opens lines to one script through the real wire; `?still` stops the drift so that pictures are equal from run to run. */
export function scriptedLink(search: URLSearchParams): OpenLink {
  const script = makeScript(search);
  const live = new Set<() => void>();
  const handlers = handlersOf(script, live);
  window.scriptedCommands = [];
  if (!search.has('still')) {
    setInterval(() => {
      script.advance();
      for (const push of live) push();
    }, 1_000);
  }
  return async () => {
    const [ours, theirs] = memoryPipes();
    serve(theirs, handlers, {
      caller: { role: 'owner', via: 'browser', name: 'script' },
      onError: (name, error) => console.error(name, error),
    });
    window.breakScriptedLink = () => theirs.close('The line was cut.');
    return connect(ours);
  };
}
