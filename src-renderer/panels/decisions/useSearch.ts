import { useEffect, useState } from 'react';
import type { DecisionView } from '#contract/decisions';
import { desk, settled } from '../../connection/current.ts';
import { type DecisionFilter, isNarrowed } from './filter.ts';

const PAUSE_MS = 200;
const MOST = 200;

interface Found {
  readonly rows: readonly DecisionView[] | null;
  readonly total: number | null;
}

const NOTHING: Found = { rows: null, total: null };

/** Decisions of the whole ledger that pass the filters; null rows while none is set or the answer is on its way. */
export function useSearch(filter: DecisionFilter): Found {
  const [found, setFound] = useState<Found>(NOTHING);
  useEffect(() => {
    setFound(NOTHING);
    if (!isNarrowed(filter)) return;
    let current = true;
    const timer = setTimeout(() => {
      void settled(desk.query('decisions.search', { ...filter, offset: 0, limit: MOST })).then((result) => {
        if (current && result.ok) setFound({ rows: result.answer.rows, total: result.answer.total });
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [filter]);
  return found;
}
