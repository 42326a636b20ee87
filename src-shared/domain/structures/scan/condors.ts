/** Iron condors from the best wings of one expiry: every pair of a kept put vertical and a kept call vertical. */
import type { TopList } from './topList.ts';
import type { PreparedExpiry } from './universe.ts';
import { leastRatio, longOf, probabilityBelow, scoreOf, shortOf } from './verticals.ts';

/** Wings of one side, unpacked once per expiry so that the pair loop only adds. */
class Wings {
  size = 0;
  readonly credit: Float64Array;
  readonly width: Float64Array;
  readonly expected: Float64Array;
  readonly liquidity: Float64Array;
  readonly shortStrike: Float64Array;

  constructor(capacity: number) {
    this.credit = new Float64Array(capacity);
    this.width = new Float64Array(capacity);
    this.expected = new Float64Array(capacity);
    this.liquidity = new Float64Array(capacity);
    this.shortStrike = new Float64Array(capacity);
  }

  read(
    list: TopList,
    strike: Float64Array,
    sell: Float64Array,
    buy: Float64Array,
    fair: Float64Array,
    liquid: Float64Array,
  ): void {
    this.size = list.size;
    for (let i = 0; i < list.size; i++) {
      const short = shortOf(list.legs[i]!);
      const long = longOf(list.legs[i]!);
      this.credit[i] = sell[short]! - buy[long]!;
      this.width[i] = Math.abs(strike[short]! - strike[long]!);
      this.expected[i] = this.credit[i]! - fair[short]! + fair[long]!;
      this.liquidity[i] = Math.min(liquid[short]!, liquid[long]!);
      this.shortStrike[i] = strike[short]!;
    }
  }
}

/** Scratch for {@link scanCondors}; one per thread. */
export class CondorScratch {
  readonly puts: Wings;
  readonly calls: Wings;

  constructor(capacity: number) {
    this.puts = new Wings(capacity);
    this.calls = new Wings(capacity);
  }
}

/**
 * Scores put wing x call wing with the short put below the short call, and adds the best to `best` (legs = position of the put
 * wing in its list << 16 | position of the call wing). Same score as a vertical's; maximum loss is the wider wing less the
 * credit. Returns candidates looked at.
 */
export function scanCondors(
  expiry: number,
  prepared: PreparedExpiry,
  putWings: TopList,
  callWings: TopList,
  scratch: CondorScratch,
  best: TopList,
): number {
  const { puts, calls } = scratch;
  puts.read(putWings, prepared.strike, prepared.putSell, prepared.putBuy, prepared.putFair, prepared.putLiquidity);
  calls.read(callWings, prepared.strike, prepared.callSell, prepared.callBuy, prepared.callFair, prepared.callLiquidity);
  const { distribution, frame } = prepared;
  const { low, perStep } = frame;
  const mostCallCredit = greatest(calls.credit, calls.size);
  let floor = best.floor;
  for (let p = 0; p < puts.size; p++) {
    const putCredit = puts.credit[p]!;
    const putExpected = puts.expected[p]!;
    const putWidth = puts.width[p]!;
    const putStrike = puts.shortStrike[p]!;
    const putLiquidity = puts.liquidity[p]!;
    // No condor of this put wing is more liquid than it, or breaks even further down than with the dearest call wing.
    const most = putLiquidity * (1 - probabilityBelow(distribution, low, perStep, putStrike - putCredit - mostCallCredit));
    let least = leastRatio(floor, most);
    for (let c = 0; c < calls.size; c++) {
      const credit = putCredit + calls.credit[c]!;
      const width = calls.width[c]!;
      const maxLoss = (width > putWidth ? width : putWidth) - credit;
      const expected = putExpected + calls.expected[c]!;
      if (!(expected > least * maxLoss && maxLoss > 0 && putStrike < calls.shortStrike[c]!)) continue;
      const upper = probabilityBelow(distribution, low, perStep, calls.shortStrike[c]! + credit);
      const lower = probabilityBelow(distribution, low, perStep, putStrike - credit);
      const callLiquidity = calls.liquidity[c]!;
      const liquidity = putLiquidity < callLiquidity ? putLiquidity : callLiquidity;
      const score = scoreOf(expected / maxLoss, upper - lower, liquidity);
      if (!(score > floor)) continue;
      best.add(score, expiry, (p << 16) | c);
      floor = best.floor;
      least = leastRatio(floor, most);
    }
  }
  return puts.size * calls.size;
}

function greatest(values: Float64Array, size: number): number {
  let most = 0;
  for (let i = 0; i < size; i++) if (values[i]! > most) most = values[i]!;
  return most;
}
