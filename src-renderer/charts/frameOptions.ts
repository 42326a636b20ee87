import type { DeepPartial, LayoutOptions } from 'lightweight-charts';
import type { ChartColours } from './colours.ts';

/**
 * The look that all charts share. The library's logo writes a style element, which the content security policy forbids;
 * each chart names and links the library in its caption instead.
 */
export function layoutOf(colours: ChartColours): DeepPartial<LayoutOptions> {
  return {
    background: { color: 'transparent' },
    textColor: colours.soft,
    fontSize: 11,
    fontFamily: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    attributionLogo: false,
  };
}

export function gridOf(colours: ChartColours) {
  return { vertLines: { color: colours.line }, horzLines: { color: colours.line } };
}
