import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { occSymbol } from '#domain/market/instrument';
import { black76 } from '#domain/pricing/blackScholes';
import { type IsoDate, isoDate } from '#domain/units';

const HEADER =
  'underlying,underlying_last,exchange,optionroot,type,expiration,quotedate,strike,last,net,bid,ask,volume,openinterest,impliedvol,delta,gamma';

/** A day of a made chain: SPX around `spot` at one volatility, strikes every five, two expirations. */
export function chainRows(date: IsoDate, spot: number, volatility: number): string[] {
  const rows: string[] = [];
  for (const expiration of [isoDate('2019-05-31'), isoDate('2019-06-28')]) {
    const years = Math.max(Date.parse(expiration) - Date.parse(date), 86_400_000) / (365 * 86_400_000);
    for (let strike = Math.round(spot / 5) * 5 - 300; strike <= spot + 300; strike += 5) {
      for (const right of ['call', 'put'] as const) {
        const skewed = volatility + Math.max(0, (spot - strike) / spot) * 0.8;
        const price = black76({ right, forward: spot, strike, years, discount: 1, volatility: skewed });
        const bid = Math.max(0, Math.floor((price - 0.1) * 20) / 20);
        const ask = Math.ceil((price + 0.1) * 20) / 20;
        const symbol = occSymbol({ root: 'SPXW', expiration, right, strike });
        rows.push(
          `SPX,${spot},CBOE,${symbol},${right},${us(expiration)},${us(date)},${strike}.0,0,0,${bid.toFixed(2)},${ask.toFixed(2)},500,2000,${skewed.toFixed(4)},0.5,0`,
        );
      }
    }
  }
  return rows;
}

/** Writes one gzipped file of a day; answers its name. */
export function writeDay(folder: string, date: IsoDate, rows: readonly string[]): string {
  const name = `SPX_${date.replaceAll('-', '')}.csv.gz`;
  writeFileSync(join(folder, name), gzipSync([HEADER, ...rows].join('\n')));
  return name;
}

function us(date: IsoDate): string {
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year}`;
}
