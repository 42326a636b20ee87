/** Sector of each underlying that the desk knows (GICS sectors; broad funds and volatility products are their own groups). */
export type Sector =
  | 'Broad market'
  | 'Technology'
  | 'Financials'
  | 'Energy'
  | 'Health care'
  | 'Consumer staples'
  | 'Consumer discretionary'
  | 'Industrials'
  | 'Communication'
  | 'Volatility'
  | 'Unknown';

const SECTORS: Readonly<Record<string, Sector>> = {
  SPY: 'Broad market',
  QQQ: 'Broad market',
  IWM: 'Broad market',
  DIA: 'Broad market',
  SPX: 'Broad market',
  SPXW: 'Broad market',
  AAPL: 'Technology',
  MSFT: 'Technology',
  NVDA: 'Technology',
  JPM: 'Financials',
  BAC: 'Financials',
  XOM: 'Energy',
  CVX: 'Energy',
  UNH: 'Health care',
  JNJ: 'Health care',
  PG: 'Consumer staples',
  KO: 'Consumer staples',
  HD: 'Consumer discretionary',
  AMZN: 'Consumer discretionary',
  CAT: 'Industrials',
  GOOGL: 'Communication',
  META: 'Communication',
  VXX: 'Volatility',
};

/** The sector of an underlying; 'Unknown' when the table does not have it (a limit of its own then applies to the unknown ones together). */
export function sectorOf(underlying: string): Sector {
  return SECTORS[underlying] ?? 'Unknown';
}
