interface ScanCounts {
  readonly underlyings: number;
  readonly contracts: number;
  readonly candidates: number;
  readonly proposals: number;
  readonly approved: number;
}

/** The steps of a scan with their bar's share of the widest, on a logarithmic scale: thousands and units share one picture. */
export function funnelSteps(
  scan: ScanCounts,
): readonly { readonly title: string; readonly count: number; readonly share: number }[] {
  const widest = Math.log10(1 + Math.max(scan.contracts, scan.candidates, 1));
  return [
    { title: `contracts in ${scan.underlyings} underlyings`, count: scan.contracts },
    { title: 'candidates', count: scan.candidates },
    { title: 'proposals', count: scan.proposals },
    { title: 'approved', count: scan.approved },
  ].map((step) => ({ ...step, share: Math.log10(1 + step.count) / widest }));
}
