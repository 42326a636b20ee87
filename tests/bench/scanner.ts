/**
 * The scanner's arithmetic over 500 underlyings x 12 expiries x 80 strikes x 2 = 960,000 contracts: volatilities, greeks, every
 * vertical within 10 strikes and the condors of the best 50 x 50 wings, scored; one thread, two threads, the same in object
 * style, and the vertical loop in C++.
 */

import { SCAN_DEFAULTS, scanUniverse } from '#domain/structures/scan/scanUniverse';
import { TopList } from '#domain/structures/scan/topList';
import { allocatePrepared, type PreparedExpiry, prepareExpiry, type Universe } from '#domain/structures/scan/universe';
import { probabilityBelow, scanBullPuts } from '#domain/structures/scan/verticals';
import { ScanPool, sharedUniverse } from '../../src-main/adapters/compute/scanPool.ts';
import { compile, NativePeer } from './nativePeer.ts';
import { fillUniverse } from './scannerData.ts';
import { atLeast, atMost, type BenchOptions, compare, show, showGoals, timed } from './timing.ts';

const STRIKES = 80;
const EXPIRIES_EACH = 12;

export async function run(options: BenchOptions): Promise<object> {
  const underlyings = options.quick ? 50 : 500;
  const rounds = options.quick ? 3 : 9;
  const universe = sharedUniverse(underlyings * EXPIRIES_EACH, STRIKES);
  fillUniverse(universe, 42);
  const contracts = universe.expiries * STRIKES * 2;
  const pool = new ScanPool(new URL('../../src-main/adapters/compute/scanWorker.ts', import.meta.url), 2);
  pool.attach(universe);
  const single = scanUniverse(universe, 0, universe.expiries);
  const double = await pool.scan();
  const sameOnTwoThreads = JSON.stringify(single.hits.map((h) => h.score)) === JSON.stringify(double.hits.map((h) => h.score));
  const whole = await compare(
    {
      'whole scan, one thread': timed(contracts, () => void scanUniverse(universe, 0, universe.expiries)),
      'whole scan, two threads': async () => {
        const start = performance.now();
        await pool.scan();
        return ((performance.now() - start) * 1e6) / contracts;
      },
      'volatilities, greeks and distributions only, one thread': timed(contracts, () => prepareAll(universe)),
      'half the universe, one thread (per contract of the half)': timed(
        contracts / 2,
        () => void scanUniverse(universe, 0, universe.expiries / 2),
      ),
    },
    rounds,
  );
  await pool.close();
  const verticals = await verticalLoop(universe, rounds, options);
  const objects = objectStyle(universe, options);
  if (!options.json) {
    show(`Scan of ${contracts} contracts, ${single.verticals} verticals, ${single.condors} condors, ns per contract`, whole);
    show('Bull puts, ns per candidate', verticals.comparison);
    console.log('object style', objects);
  }
  const ms = (name: string) => Number(((whole.ns[name]! * contracts) / 1e6).toFixed(1));
  const goals = [
    atMost('whole universe on two threads, milliseconds', 300, ms('whole scan, two threads')),
    atMost(
      'vertical loop: times the C++ -O3 -march=native time',
      1.5,
      Number(
        (
          verticals.comparison.ns['ours: scanBullPuts']! / (verticals.comparison.ns['C++ -O3 -march=native'] ?? Number.NaN)
        ).toPrecision(3),
      ),
    ),
    atLeast('times faster than object style, same candidates', 50, Number(objects.ratio.toPrecision(3))),
    atLeast(
      'two threads: times faster than one',
      1.8,
      Number((whole.ns['whole scan, one thread']! / whole.ns['whole scan, two threads']!).toPrecision(3)),
    ),
  ];
  if (!options.json) showGoals(goals);
  return {
    goals,
    contracts,
    verticals: single.verticals,
    condors: single.condors,
    sameOnTwoThreads,
    oneThreadMs: ms('whole scan, one thread'),
    twoThreadsMs: ms('whole scan, two threads'),
    whole,
    verticalLoop: verticals,
    objectStyle: objects,
  };
}

const room = allocatePrepared(STRIKES);

function prepareAll(universe: Universe): void {
  for (let e = 0; e < universe.expiries; e++) prepareExpiry(universe, e, SCAN_DEFAULTS.slippage, room);
}

/** The bull-put loop alone, on prepared columns, against the same loop in C++. */
async function verticalLoop(universe: Universe, rounds: number, options: BenchOptions) {
  const expiries = Math.min(universe.expiries, options.quick ? 120 : 1200);
  const prepared = Array.from({ length: expiries }, (_, e) => {
    const out = allocatePrepared(STRIKES);
    prepareExpiry(universe, e, SCAN_DEFAULTS.slippage, out);
    return out;
  });
  const best = new TopList(SCAN_DEFAULTS.wings);
  const scan = () => {
    let looked = 0;
    let sum = 0;
    prepared.forEach((expiry, e) => {
      best.clear();
      looked += scanBullPuts(e, expiry, SCAN_DEFAULTS, best);
      for (let i = 0; i < best.size; i++) sum += best.scores[i]!;
    });
    return { looked, sum };
  };
  const { looked, sum } = scan();
  const native = compile('verticals.cpp', ['-O3', '-march=native']);
  const contenders: Parameters<typeof compare>[0] = { 'ours: scanBullPuts': timed(looked, () => void scan()) };
  let sameAsNative: boolean | string = 'missing' in native ? native.missing : false;
  let peer: NativePeer | null = null;
  if ('program' in native) {
    peer = new NativePeer(native.program);
    await peer.load([
      Float64Array.from(
        prepared.flatMap(columnsOf).reduce<number[]>((all, column) => all.concat(Array.from(column)), [expiries, STRIKES, 128]),
      ),
    ]);
    const command = `scan 1 ${SCAN_DEFAULTS.widestStrikes} ${SCAN_DEFAULTS.smallestCredit} ${SCAN_DEFAULTS.wings}`;
    const [, theirLooked, theirSum] = (await peer.ask(command)).split(' ').map(Number);
    sameAsNative = theirLooked === looked && Math.abs(theirSum! - sum) < 1e-9 * Math.abs(sum);
    const running = peer;
    contenders['C++ -O3 -march=native'] = () => running.time(command);
  }
  const comparison = await compare(contenders, rounds);
  peer?.close();
  return { comparison, candidates: looked, sameAsNative };
}

function columnsOf({ strike, putSell, putBuy, putFair, putLiquidity, distribution, frame }: PreparedExpiry): Float64Array[] {
  return [strike, putSell, putBuy, putFair, putLiquidity, distribution, Float64Array.of(frame.low, frame.perStep)];
}

/** The same verticals as objects, filtered and sorted, the way such code is usually written. */
function objectStyle(universe: Universe, options: BenchOptions) {
  const expiries = options.quick ? 12 : 60;
  const out = allocatePrepared(STRIKES);
  let objectMs = 0;
  let ourMs = 0;
  let candidates = 0;
  let same = true;
  const best = new TopList(SCAN_DEFAULTS.wings);
  for (let e = 0; e < expiries; e++) {
    prepareExpiry(universe, e, SCAN_DEFAULTS.slippage, out);
    const start = performance.now();
    const contracts = Array.from(out.strike, (strike, i) => ({
      index: i,
      strike,
      sell: out.putSell[i]!,
      buy: out.putBuy[i]!,
      fair: out.putFair[i]!,
      liquidity: out.putLiquidity[i]!,
    }));
    const found = contracts
      .flatMap((short) =>
        contracts
          .filter((long) => long.index < short.index && short.index - long.index <= SCAN_DEFAULTS.widestStrikes)
          .map((long) => {
            const credit = short.sell - long.buy;
            const maxLoss = short.strike - long.strike - credit;
            const expected = short.sell - short.fair - long.buy + long.fair;
            return { short, long, credit, maxLoss, expected };
          }),
      )
      .filter(({ credit, maxLoss }) => credit >= SCAN_DEFAULTS.smallestCredit && maxLoss > 0)
      .map((spread) => {
        const pop = 1 - probabilityBelow(out.distribution, out.frame.low, out.frame.perStep, spread.short.strike - spread.credit);
        return {
          ...spread,
          pop,
          score: (spread.expected / spread.maxLoss) * pop * Math.min(spread.short.liquidity, spread.long.liquidity),
        };
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, SCAN_DEFAULTS.wings);
    const between = performance.now();
    best.clear();
    const looked = scanBullPuts(e, out, SCAN_DEFAULTS, best);
    const end = performance.now();
    // A candidate below the floor's ceiling never has its probability read; those kept must be the very same.
    const kept = best.ranked().map((i) => best.scores[i]!);
    same &&= kept.length === found.length && kept.every((score, i) => Math.abs(score - found[i]!.score) <= 1e-15);
    if (e < expiries / 3) continue;
    objectMs += between - start;
    ourMs += end - between;
    candidates += looked;
  }
  return {
    candidates,
    sameCandidates: same,
    nsObject: (objectMs * 1e6) / candidates,
    nsOurs: (ourMs * 1e6) / candidates,
    ratio: objectMs / ourMs,
  };
}
