import type { ReactNode } from 'react';

/** What a chart shows, with the line that its library asks for. */
export function ChartCaption({ children }: { children: ReactNode }) {
  return (
    <figcaption className="chart-caption">
      <span>{children}</span>
      <a
        href="https://www.tradingview.com/"
        target="_blank"
        rel="noreferrer"
        title="TradingView Lightweight Charts™, Copyright (с) 2025 TradingView, Inc."
      >
        TradingView
      </a>
    </figcaption>
  );
}
