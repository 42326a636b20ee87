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

/** Time between two fits of the same expiration, in milliseconds: quotes tick faster than a fit is worth. */
const REFIT_MS = 3_000;

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

/** Keeps the surface of an underlying fitted while a component shows it: newest quotes of every expiration, one fit at a time. */
export function useSurfaceOf(underlying: string | null, expirations: readonly string[], rate: number): void {
  const dates = expirations.join(' ');
  useEffect(() => {
    if (!underlying || dates === '') return;
    useSurface.setState({ underlying, spot: null, slices: [], unusable: [], failure: null });
    const newest = new Map<string, ChainView>();
    const fittedAt = new Map<string, number>();
    const stops = dates.split(' ').map((expiration) =>
      desk.feed(
        'chain.view',
        { underlying, expiration },
        (view) => newest.set(expiration, view),
        (failure) => useSurface.setState({ failure: failure.message }),
      ),
    );
    const timer = setInterval(() => {
      const now = performance.now();
      const due = [...newest.keys()].find((date) => now - (fittedAt.get(date) ?? Number.NEGATIVE_INFINITY) >= REFIT_MS);
      const view = due === undefined ? undefined : newest.get(due);
      if (!view || due === undefined) return;
      newest.delete(due);
      fittedAt.set(due, now);
      take(view, rate);
    }, 30);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    };
  }, [underlying, dates, rate]);
}
