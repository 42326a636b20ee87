/** The theme's colours as the charts need them: plain values read from the design tokens. */
export interface ChartColours {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly gain: string;
  readonly loss: string;
  readonly warn: string;
  readonly surface: string;
}

export function chartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    soft: token('ink-soft'),
    line: token('line'),
    accent: token('accent'),
    gain: token('gain'),
    loss: token('loss'),
    warn: token('warn'),
    surface: token('surface'),
  };
}

/** '#rrggbb' with an opacity from 0 to 1. */
export function faded(colour: string, opacity: number): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!match) return colour;
  const [red, green, blue] = match.slice(1).map((part) => Number.parseInt(part, 16));
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

/** A colour between two of '#rrggbb': 0 = the first, 1 = the second. */
export function blend(from: string, to: string, share: number): string {
  const parts = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const [first, second] = [parts(from), parts(to)];
  const mixed = first.map((value, index) => Math.round(value + ((second[index] ?? value) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
