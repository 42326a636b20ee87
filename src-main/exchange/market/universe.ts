/**
 * The simulated underlyings. Names are real, prices are not: levels, volatilities, betas and dividend habits are of the size
 * that these names had around the start of 2026; everything that follows comes from the seed.
 */
export interface UnderlyingSpec {
  readonly symbol: string;
  readonly name: string;
  readonly kind: 'etf' | 'stock' | 'etn';
  readonly exchange: string;
  /** Group whose factor moves it besides the market; see `SECTOR_FACTORS`. Broad funds have none. */
  readonly factor: FactorName | null;
  /** Price at the start, dollars. */
  readonly price: number;
  /** Loading on the market's return and on its sector's. */
  readonly beta: number;
  readonly factorLoading: number;
  /** Long-run volatility of its own noise, annual fraction. */
  readonly ownVolatility: number;
  /** Own jumps per year (earnings aside) and their standard deviation. */
  readonly ownJumps: number;
  readonly ownJumpSize: number;
  /** Skew of its options: SSVI rho and eta. */
  readonly skewRho: number;
  readonly skewEta: number;
  /** Standard deviation of an earnings move (log); 0 = reports none. */
  readonly earningsMove: number;
  /** Week of the reporting season (0 to 5) in which it reports, and when in the day. */
  readonly earningsWeek: number;
  readonly earningsTiming: 'beforeOpen' | 'afterClose';
  /** Dollars per share per quarter; 0 = pays none. */
  readonly dividend: number;
  /** Month of the first ex-date in a quarter (1 to 3) and day of month around which it falls. */
  readonly dividendMonth: number;
  readonly dividendDay: number;
  /** Shares a day. */
  readonly shareVolume: number;
  /** Option liquidity: 1 = the best in the world, 10 = thin. Widens spreads, thins interest and sizes. */
  readonly illiquidity: number;
  /** Strike step near the money, dollars; wider further out. */
  readonly strikeStep: number;
  readonly expirations: 'daily' | 'weekly';
  /** Drift against the risk-free rate beyond beta times the equity premium (roll cost of a volatility product). */
  readonly extraDrift: number;
}

export type FactorName =
  | 'technology'
  | 'financials'
  | 'energy'
  | 'healthCare'
  | 'staples'
  | 'discretionary'
  | 'industrials'
  | 'smallCaps';

/** Volatility of each sector's own factor, annual fraction. */
export const SECTOR_FACTORS: Readonly<Record<FactorName, number>> = {
  technology: 0.13,
  financials: 0.11,
  energy: 0.17,
  healthCare: 0.11,
  staples: 0.08,
  discretionary: 0.1,
  industrials: 0.1,
  smallCaps: 0.09,
};

const stock = {
  kind: 'stock',
  exchange: 'NYSE',
  factorLoading: 1,
  ownJumps: 0.8,
  ownJumpSize: 0.035,
  extraDrift: 0,
  expirations: 'weekly',
} as const;
const fund = {
  kind: 'etf',
  exchange: 'ARCA',
  ownJumps: 0,
  ownJumpSize: 0,
  earningsMove: 0,
  earningsWeek: 0,
  earningsTiming: 'beforeOpen',
  extraDrift: 0,
} as const;
const index = { skewRho: -0.7, skewEta: 0.72 } as const;
const single = { skewRho: -0.38, skewEta: 0.62 } as const;

// biome-ignore format: a table, one name a line
export const UNIVERSE: readonly UnderlyingSpec[] = [
  { ...fund, ...index, symbol: 'SPY', name: 'S&P 500 fund', factor: null, price: 684.2, beta: 1, factorLoading: 0, ownVolatility: 0.012, dividend: 1.83, dividendMonth: 3, dividendDay: 20, shareVolume: 75e6, illiquidity: 1, strikeStep: 1, expirations: 'daily' },
  { ...fund, ...index, symbol: 'QQQ', name: 'Nasdaq-100 fund', factor: 'technology', price: 618.5, beta: 1.15, factorLoading: 0.65, ownVolatility: 0.02, dividend: 0.76, dividendMonth: 3, dividendDay: 22, shareVolume: 48e6, illiquidity: 1.1, strikeStep: 1, expirations: 'daily' },
  { ...fund, ...index, symbol: 'IWM', name: 'Russell 2000 fund', factor: 'smallCaps', price: 248.3, beta: 1.15, factorLoading: 1, ownVolatility: 0.03, dividend: 0.72, dividendMonth: 3, dividendDay: 16, shareVolume: 32e6, illiquidity: 1.3, strikeStep: 1, expirations: 'weekly' },
  { ...fund, ...index, symbol: 'DIA', name: 'Dow Jones fund', factor: 'industrials', price: 481.6, beta: 0.88, factorLoading: 0.35, ownVolatility: 0.02, dividend: 0.55, dividendMonth: 1, dividendDay: 19, shareVolume: 4e6, illiquidity: 2.2, strikeStep: 1, expirations: 'weekly' },
  { ...stock, ...single, symbol: 'AAPL', name: 'Apple', exchange: 'NASDAQ', factor: 'technology', price: 271.9, beta: 1.1, ownVolatility: 0.15, earningsMove: 0.04, earningsWeek: 3, earningsTiming: 'afterClose', dividend: 0.26, dividendMonth: 2, dividendDay: 9, shareVolume: 45e6, illiquidity: 1.4, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'MSFT', name: 'Microsoft', exchange: 'NASDAQ', factor: 'technology', price: 483.6, beta: 1, ownVolatility: 0.13, earningsMove: 0.042, earningsWeek: 3, earningsTiming: 'afterClose', dividend: 0.91, dividendMonth: 2, dividendDay: 19, shareVolume: 20e6, illiquidity: 1.7, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'NVDA', name: 'NVIDIA', exchange: 'NASDAQ', factor: 'technology', price: 186.5, beta: 1.75, factorLoading: 1.4, ownVolatility: 0.26, earningsMove: 0.065, earningsWeek: 5, earningsTiming: 'afterClose', dividend: 0.01, dividendMonth: 3, dividendDay: 11, shareVolume: 180e6, illiquidity: 1.2, strikeStep: 1 },
  { ...stock, ...single, symbol: 'JPM', name: 'JPMorgan Chase', factor: 'financials', price: 322.2, beta: 1.05, ownVolatility: 0.13, earningsMove: 0.032, earningsWeek: 0, earningsTiming: 'beforeOpen', dividend: 1.5, dividendMonth: 1, dividendDay: 6, shareVolume: 9e6, illiquidity: 2.4, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'BAC', name: 'Bank of America', factor: 'financials', price: 55.1, beta: 1.15, ownVolatility: 0.14, earningsMove: 0.035, earningsWeek: 0, earningsTiming: 'beforeOpen', dividend: 0.28, dividendMonth: 3, dividendDay: 5, shareVolume: 38e6, illiquidity: 1.8, strikeStep: 0.5 },
  { ...stock, ...single, symbol: 'XOM', name: 'Exxon Mobil', factor: 'energy', price: 120.3, beta: 0.7, ownVolatility: 0.1, earningsMove: 0.025, earningsWeek: 3, earningsTiming: 'beforeOpen', dividend: 1.03, dividendMonth: 2, dividendDay: 12, shareVolume: 15e6, illiquidity: 2, strikeStep: 1 },
  { ...stock, ...single, symbol: 'CVX', name: 'Chevron', factor: 'energy', price: 152.4, beta: 0.75, ownVolatility: 0.11, earningsMove: 0.025, earningsWeek: 3, earningsTiming: 'beforeOpen', dividend: 1.71, dividendMonth: 2, dividendDay: 17, shareVolume: 8e6, illiquidity: 2.3, strikeStep: 1 },
  { ...stock, ...single, symbol: 'UNH', name: 'UnitedHealth', factor: 'healthCare', price: 330.1, beta: 0.6, ownVolatility: 0.24, earningsMove: 0.055, earningsWeek: 2, earningsTiming: 'beforeOpen', dividend: 2.21, dividendMonth: 3, dividendDay: 9, shareVolume: 8e6, illiquidity: 2.4, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'JNJ', name: 'Johnson & Johnson', factor: 'healthCare', price: 206.9, beta: 0.45, ownVolatility: 0.1, earningsMove: 0.025, earningsWeek: 2, earningsTiming: 'beforeOpen', dividend: 1.3, dividendMonth: 2, dividendDay: 24, shareVolume: 8e6, illiquidity: 2.8, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'PG', name: 'Procter & Gamble', factor: 'staples', price: 143.3, beta: 0.4, ownVolatility: 0.11, earningsMove: 0.026, earningsWeek: 2, earningsTiming: 'beforeOpen', dividend: 1.06, dividendMonth: 1, dividendDay: 23, shareVolume: 9e6, illiquidity: 2.8, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'KO', name: 'Coca-Cola', factor: 'staples', price: 69.9, beta: 0.4, ownVolatility: 0.09, earningsMove: 0.022, earningsWeek: 4, earningsTiming: 'beforeOpen', dividend: 0.51, dividendMonth: 3, dividendDay: 13, shareVolume: 16e6, illiquidity: 2.2, strikeStep: 1 },
  { ...stock, ...single, symbol: 'HD', name: 'Home Depot', factor: 'discretionary', price: 344.8, beta: 0.95, ownVolatility: 0.13, earningsMove: 0.035, earningsWeek: 5, earningsTiming: 'beforeOpen', dividend: 2.3, dividendMonth: 3, dividendDay: 12, shareVolume: 4e6, illiquidity: 3, strikeStep: 5 },
  { ...stock, ...single, symbol: 'AMZN', name: 'Amazon', exchange: 'NASDAQ', factor: 'discretionary', price: 232.5, beta: 1.25, ownVolatility: 0.18, earningsMove: 0.06, earningsWeek: 3, earningsTiming: 'afterClose', dividend: 0, dividendMonth: 1, dividendDay: 1, shareVolume: 40e6, illiquidity: 1.4, strikeStep: 2.5 },
  { ...stock, ...single, symbol: 'CAT', name: 'Caterpillar', factor: 'industrials', price: 577.5, beta: 1.1, ownVolatility: 0.17, earningsMove: 0.04, earningsWeek: 3, earningsTiming: 'beforeOpen', dividend: 1.51, dividendMonth: 1, dividendDay: 20, shareVolume: 3e6, illiquidity: 3.4, strikeStep: 5 },
  { ...fund, kind: 'etn', exchange: 'BATS', symbol: 'VXX', name: 'Short-term volatility note', factor: null, price: 27.4, beta: -3.4, factorLoading: 0, ownVolatility: 0.34, skewRho: 0.55, skewEta: 0.8, dividend: 0, dividendMonth: 1, dividendDay: 1, shareVolume: 6e6, illiquidity: 2.6, strikeStep: 0.5, expirations: 'weekly', extraDrift: -0.1 },
];
