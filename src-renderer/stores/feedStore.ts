import { useEffect } from 'react';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { FeedName, InputOf, ItemOf } from '#contract/contract';
import { desk } from '../connection/current.ts';
import { onNextFrame } from './animationFrame.ts';
import { shareStructure } from './shareStructure.ts';

/** What a feed has brought so far. `item` stays when the line breaks: old figures are shown, marked as old. */
export interface FeedState<Item> {
  readonly item: Item | null;
  readonly state: 'idle' | 'loading' | 'live' | 'failed';
  readonly failure: string | null;
  /** `Date.now()` of this window when the newest snapshot came in. */
  readonly receivedAt: number | null;
}

export interface FeedStore<Name extends FeedName> {
  readonly use: UseBoundStore<StoreApi<FeedState<ItemOf<Name>>>>;
  /** Subscribes while somebody is looking; counted, so that two panels share one subscription. */
  open(input: InputOf<Name>): () => void;
}

const EMPTY = { item: null, state: 'idle', failure: null, receivedAt: null } as const;

/** A store filled from one feed. `share` rebuilds a snapshot from the older one's parts (see shareStructure). */
export function createFeedStore<Name extends FeedName>(
  name: Name,
  share: (older: ItemOf<Name> | null, newer: ItemOf<Name>) => ItemOf<Name> = (older, newer) => shareStructure(older, newer),
): FeedStore<Name> {
  const use = create<FeedState<ItemOf<Name>>>(() => EMPTY);
  let openInput = '';
  let viewers = 0;
  let stop: (() => void) | null = null;

  function start(input: InputOf<Name>) {
    const frameKey = {};
    use.setState((before) => ({ ...before, state: before.item === null ? 'loading' : before.state }));
    const unsubscribe = desk.feed(
      name,
      input,
      (item) => {
        onNextFrame(frameKey, () => {
          if (stop !== end) return;
          const { item: older } = use.getState();
          use.setState({ item: share(older, item), state: 'live', failure: null, receivedAt: Date.now() });
        });
      },
      (failure) => use.setState({ state: 'failed', failure: failure.message }),
    );
    function end() {
      unsubscribe();
    }
    stop = end;
  }

  return {
    use,
    open(input) {
      const wanted = JSON.stringify(input);
      if (wanted !== openInput) {
        stop?.();
        stop = null;
        viewers = 0;
        if (openInput !== '') use.setState({ ...EMPTY, state: 'loading' });
        openInput = wanted;
      }
      viewers += 1;
      if (!stop) start(input);
      return () => {
        if (wanted !== openInput) return;
        viewers -= 1;
        if (viewers > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}

/** Keeps a feed without input open while the calling component is on screen. */
export function useOpenFeed<Name extends FeedName>(store: FeedStore<Name>, input: InputOf<Name>): void {
  const key = JSON.stringify(input);
  // The text of the input is the dependency: a new object with the same content is the same subscription.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => store.open(input), [store, key]);
}
