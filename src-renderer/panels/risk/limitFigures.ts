interface Limit {
  readonly used: number | null;
  readonly max: number;
}

/** Share of a limit in use, by size: a delta of −900 uses 0.3 of 3,000. null while the use is unknown. */
export function shareUsed({ used, max }: Limit): number | null {
  if (used === null) return null;
  if (max === 0) return used === 0 ? 0 : 1;
  return Math.abs(used) / Math.abs(max);
}

/** What is left of a limit, by size, never below zero. */
export function leftOf({ used, max }: Limit): number | null {
  return used === null ? null : Math.max(0, Math.abs(max) - Math.abs(used));
}

/** Strength of a heat cell from −1 (the worst loss of the grid) to +1 (the same size of gain). */
export function heat(value: number | null, grid: readonly (readonly (number | null)[])[]): number {
  if (value === null) return 0;
  const widest = grid.flat().reduce<number>((most, cell) => Math.max(most, Math.abs(cell ?? 0)), 0);
  return widest === 0 ? 0 : value / widest;
}
