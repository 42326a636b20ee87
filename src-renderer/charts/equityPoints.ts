/** Points in rising order of time, one a second at most (the last of a second counts): what the chart demands. */
export function equityPoints<Seconds extends number>(
  equity: readonly { readonly at: number; readonly equity: number }[],
  secondsOf: (at: number) => Seconds,
): readonly { readonly seconds: Seconds; readonly dollars: number }[] {
  const bySecond = new Map<Seconds, number>();
  for (const point of [...equity].sort((left, right) => left.at - right.at))
    bySecond.set(secondsOf(point.at), point.equity / 100);
  return [...bySecond].map(([seconds, dollars]) => ({ seconds, dollars })).sort((left, right) => left.seconds - right.seconds);
}
