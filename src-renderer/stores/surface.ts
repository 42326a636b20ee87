import { useEffect } from 'react';
import { create } from 'zustand';
import type { ChainView } from '#contract/chain';
import { desk } from '../connection/current.ts';
import { type SurfaceSlice, sliceOf } from './surfaceSlice.ts';

/** The volatility surface of the underlying on screen, slice by slice. */
interface Surface {
  readonly underlying: string | null;
  readonly spot: number | null;
  readonly slices: readonly SurfaceSlice[];
  /** Expirations whose quotes give no forward. */
  readonly unusable: readonly string[];
  readonly failure: string | null;
}

/** Rest between two rounds over the expirations, in milliseconds: quotes tick faster than a fit is worth. */
const ROUND_PAUSE_MS = 3_000;
/** How long one expiration may take to answer before the next is asked. */
const ANSWER_MS = 2_000;

export const useSurface = create<Surface>(() => ({ underlying: null, spot: null, slices: [], unusable: [], failure: null }));

function take(view: ChainView, rate: number) {
  const { slices, unusable, underlying } = useSurface.getState();
  if (underlying !== view.underlying) return;
  const others = slices.filter((slice) => slice.expiration !== view.expiration);
  const slice = sliceOf(view, rate, slices.find((entry) => entry.expiration === view.expiration) ?? null);
  useSurface.setState({
    spot: view.spot,
    failure: null,
    slices: slice ? [...others, slice].sort((left, right) => left.daysToExpiration - right.daysToExpiration) : others,
    unusable: slice ? unusable.filter((date) => date !== view.expiration) : [...new Set([...unusable, view.expiration])],
  });
}

/**
 * Keeps the surface of an underlying fitted while a component shows it. Expirations are asked for one after the other, a
 * snapshot each, so that a whole surface costs the engine no more than one open chain.
 */
export function useSurfaceOf(underlying: string | null, expirations: readonly string[], rate: number): void {
  const dates = expirations.join(' ');
  useEffect(() => {
    if (!underlying || dates === '') return;
    useSurface.setState({ underlying, spot: null, slices: [], unusable: [], failure: null });
    return askInTurn(underlying, dates.split(' '), (view) => take(view, rate));
  }, [underlying, dates, rate]);
}

/** Asks for each expiration's chain in turn, round after round; the returned function stops it. */
function askInTurn(underlying: string, dates: readonly string[], onView: (view: ChainView) => void): () => void {
  let place = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopFeed: (() => void) | null = null;

  function next() {
    clearTimeout(timer);
    stopFeed?.();
    stopFeed = null;
    place = (place + 1) % dates.length;
    timer = setTimeout(ask, place === 0 ? ROUND_PAUSE_MS : 0);
  }

  function ask() {
    const expiration = dates[place];
    if (expiration === undefined) return;
    let answered = false;
    timer = setTimeout(next, ANSWER_MS);
    stopFeed = desk.feed(
      'chain.view',
      { underlying, expiration },
      (view) => {
        if (answered) return;
        answered = true;
        onView(view);
        next();
      },
      (failure) => useSurface.setState({ failure: failure.message }),
    );
  }

  ask();
  return () => {
    clearTimeout(timer);
    stopFeed?.();
  };
}
