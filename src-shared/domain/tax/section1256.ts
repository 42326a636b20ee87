/**
 * Roots of options on broad-based indices: Section 1256 contracts (26 U.S.C. 1256(g)(3) and (6)), reported on Form 6781, 60 % long
 * and 40 % short whatever was held for how long. Options on funds (SPY, QQQ, IWM) are not among them.
 */
const BROAD_BASED = [
  'SPX',
  'SPXW',
  'XSP',
  'NDX',
  'NDXP',
  'XND',
  'RUT',
  'RUTW',
  'MRUT',
  'VIX',
  'VIXW',
  'DJX',
  'OEX',
  'XEO',
  'NQX',
];

export function isSection1256(root: string): boolean {
  return BROAD_BASED.includes(root);
}

export const LONG_SHARE = 0.6;
