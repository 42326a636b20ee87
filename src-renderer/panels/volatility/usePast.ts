import { useEffect, useState } from 'react';
import type { RecordedVolatility } from '#contract/chain';
import type { OutputOf } from '#contract/contract';
import type { BarColumns } from '#domain/volatility/realised';
import { desk, settled } from '../../connection/current.ts';

type Bars = OutputOf<'chain.bars'>;

/** What is known of an underlying's past; null while it is asked for. */
export interface Past {
  readonly bars: BarColumns & { readonly close: Float64Array };
  /** Implied volatilities recorded at the closes, oldest first. */
  readonly recorded: readonly RecordedVolatility[];
}

/** Asks for daily bars and recorded implied volatilities whenever another underlying is shown. */
export function usePast(underlying: string): Past | null {
  const [past, setPast] = useState<Past | null>(null);
  useEffect(() => {
    let current = true;
    setPast(null);
    const asked = [desk.query('chain.bars', { underlying }), desk.query('chain.volatility', { underlying })] as const;
    void Promise.all([settled(asked[0]), settled(asked[1])]).then(([bars, volatility]) => {
      if (!current) return;
      setPast({ bars: columnsOf(bars.ok ? bars.answer : []), recorded: volatility.ok ? volatility.answer.recorded : [] });
    });
    return () => {
      current = false;
    };
  }, [underlying]);
  return past;
}

function columnsOf(bars: Bars) {
  const column = (of: (bar: Bars[number]) => number) => Float64Array.from(bars, of);
  return {
    open: column((bar) => bar.open),
    high: column((bar) => bar.high),
    low: column((bar) => bar.low),
    close: column((bar) => bar.close),
  };
}
