import type { ReactNode } from 'react';
import { Empty, Loading, StaleNote } from './Notices.tsx';

interface FeedFrameProps<Item> {
  readonly what: string;
  readonly item: Item | null;
  readonly state: 'idle' | 'loading' | 'live' | 'failed';
  readonly failure: string | null;
  readonly children: (item: Item) => ReactNode;
}

/** The designed states of anything that a feed fills: loading, failed without figures, failed with old ones, live. */
export function FeedFrame<Item>({ what, item, state, failure, children }: FeedFrameProps<Item>) {
  if (item === null) {
    return state === 'failed' ? (
      <Empty title={`No ${what}`}>{failure ?? 'The engine did not answer.'} The window keeps trying.</Empty>
    ) : (
      <Loading what={what} />
    );
  }
  return (
    <>
      {state === 'failed' ? <StaleNote>Old figures: {failure ?? 'the feed has stopped'}</StaleNote> : null}
      {children(item)}
    </>
  );
}
