/**
 * The scanner's arithmetic over 500 underlyings x 12 expiries x 80 strikes x 2 = 960,000 contracts: volatilities, greeks, every
 * vertical within 10 strikes and the condors of the best 50 x 50 wings, scored; one thread, two threads, the same in object
 * style, and the vertical loop in C++.
 */

import { type ChainWorkshop, typescriptChain } from '#domain/pricing/chainWork';
import { SCAN_DEFAULTS, scanUniverse } from '#domain/structures/scan/scanUniverse';
import { TopList } from '#domain/structures/scan/topList';
import { allocatePrepared, type PreparedExpiry, prepareExpiry, type Universe } from '#domain/structures/scan/universe';
import { scanBullPuts } from '#domain/structures/scan/verticals';
import { ScanPool, sharedUniverse } from '../../src-main/adapters/compute/scanPool.ts';
import { SimdChain } from '../../src-main/adapters/compute/simdChain.ts';
import { compile, NativePeer } from './nativePeer.ts';
import { fillUniverse } from './scannerData.ts';
import { objectStyle } from './scannerObjects.ts';
import { builtKernels, KERNEL_FILE } from './simdKernels.ts';
import {
  atLeast,
  atMost,
  type BenchOptions,
  type BenchResult,
  clocked,
  compare,
  type Goal,
  holds,
  type Spread,
  show,
  showGoals,
  spreadOf,
  timed,
} from './timing.ts';

const STRIKES = 80;
const EXPIRIES_EACH = 12;

const NATIVE = 'C++ -O3 -march=native';
const PLAIN = 'C++ -O3';
const OURS = 'ours: scanBullPuts';
const HALF = 'half the universe, one thread (per contract of the half)';

export async function run(options: BenchOptions): Promise<BenchResult & Record<string, unknown>> {
  const underlyings = options.quick ? 50 : 500;
  const rounds = options.quick ? 3 : 9;
  const universe = sharedUniverse(underlyings * EXPIRIES_EACH, STRIKES);
  fillUniverse(universe, 42);
  const contracts = universe.expiries * STRIKES * 2;
  const pool = new ScanPool(new URL('../../src-main/adapters/compute/scanWorker.ts', import.meta.url), 2, await builtKernels());
  const workshop = SimdChain.workshop(KERNEL_FILE) ?? typescriptChain;
  const scanAlone = (to: number) => scanUniverse(universe, 0, to, SCAN_DEFAULTS, workshop);
  pool.attach(universe);
  const single = scanAlone(universe.expiries);
  const plain = scanUniverse(universe, 0, universe.expiries);
  const double = await pool.scan();
  const sameOnTwoThreads = JSON.stringify(single.hits.map((h) => h.score)) === JSON.stringify(double.hits.map((h) => h.score));
  const processor: number[] = [];
  const clock: number[] = [];
  const whole = await compare(
    {
      'whole scan, one thread': timed(contracts, () => void scanAlone(universe.expiries)),
      'whole scan, one thread, TypeScript alone': timed(contracts, () => void scanUniverse(universe, 0, universe.expiries)),
      'whole scan, two threads (by the clock)': clocked(contracts, async () => {
        const start = performance.now();
        await pool.scan();
        clock.push(performance.now() - start);
        processor.push(pool.processorMs);
      }),
      'volatilities, greeks and distributions only, one thread': timed(contracts, () => prepareAll(universe, workshop)),
      [HALF]: timed(contracts / 2, () => void scanAlone(universe.expiries / 2)),
    },
    rounds,
  );
  await pool.close();
  const verticals = await verticalLoop(universe, rounds);
  const objects = objectStyle(universe, SCAN_DEFAULTS, options.quick ? 24 : 120);
  if (!options.json) {
    show(`Scan of ${contracts} contracts, ${single.verticals} verticals, ${single.condors} condors, ns per contract`, whole);
    show('Bull puts, ns per candidate', verticals.comparison);
    console.log('object style', objects);
  }
  const ms = (name: string) => Number(((whole.ns[name]! * contracts) / 1e6).toFixed(1));
  const { comparison } = verticals;
  const goals = [
    byTheClock(spreadOf(clock.slice(1).map(rounded)), spreadOf(processor.slice(1).map(rounded))),
    atMost('whole universe on two threads, processor milliseconds of each', 300, spreadOf(processor.slice(1).map(rounded))),
    atMost('vertical loop: times the C++ -O3 time', 1.5, comparison.times(OURS, PLAIN)),
    atMost(
      'linear: time per contract of half the universe over that of the whole',
      1.25,
      whole.times(HALF, 'whole scan, one thread'),
    ),
    atLeast('vertical loop: times faster than object style (legs and library)', 50, objects.nsLibrary / objects.nsOurs),
  ];
  const agreement = [
    holds('two threads find what one finds', sameOnTwoThreads),
    holds(
      'the SIMD kernels and the TypeScript ones keep the same candidates',
      single.hits.every((hit, i) => closeTo(hit.score, plain.hits[i]?.score)),
    ),
    holds('C++ finds the same candidates', verticals.sameAsNative),
    holds('objects with the same arithmetic keep the very same candidates', objects.sameCandidates),
    holds('the structure library keeps the same scores, within the probability table', objects.sameByLibrary),
  ];
  if (!options.json) showGoals([...agreement, ...goals]);
  return {
    agreement,
    goals,
    contracts,
    verticals: single.verticals,
    condors: single.condors,
    oneThreadMs: ms('whole scan, one thread'),
    twoThreadsMs: ms('whole scan, two threads (by the clock)'),
    whole,
    verticalLoop: verticals,
    objectStyle: objects,
  };
}

/** Equal within what 1e-12 of a volatility may do to a score. */
const closeTo = (a: number, b: number | undefined): boolean => b !== undefined && Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));

/** Share of the clock's time that a thread must have had its processor for the clock to judge the scan and not the machine. */
const UNDISTURBED = 0.8;

/** The goal that counts; open, not missed, where other programs held the processors meanwhile. */
function byTheClock(clock: Spread, processor: Spread): Goal {
  const goal = atMost('whole universe on two threads, milliseconds by the clock', 300, clock);
  const share = processor.median / clock.median;
  if (share >= UNDISTURBED) return goal;
  return {
    ...goal,
    limit: `other programs held the processors: each thread had one for ${Math.round(100 * share)} % of the time`,
  };
}

const rounded = (ms: number): number => Number(ms.toFixed(1));

function prepareAll(universe: Universe, workshop: ChainWorkshop): void {
  const room = allocatePrepared(STRIKES, workshop);
  for (let e = 0; e < universe.expiries; e++) prepareExpiry(universe, e, SCAN_DEFAULTS.slippage, room);
}

/** Expiries of the vertical loop's comparison: few enough that their columns stay near the processor, as in a scan. */
const LOOP_EXPIRIES = 100;
const LOOP_REPEATS = 12;

/** The bull-put loop alone, on prepared columns, against the same loop in C++. */
async function verticalLoop(universe: Universe, rounds: number) {
  const expiries = Math.min(universe.expiries, LOOP_EXPIRIES);
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
  const contenders: Parameters<typeof compare>[0] = {
    [OURS]: timed(LOOP_REPEATS * looked, () => {
      for (let repeat = 0; repeat < LOOP_REPEATS; repeat++) scan();
    }),
  };
  const peers: NativePeer[] = [];
  const missing: string[] = [];
  let sameAsNative = true;
  for (const [name, flags] of [
    [PLAIN, ['-O3']],
    [NATIVE, ['-O3', '-march=native']],
  ] as const) {
    const native = compile('verticals.cpp', flags);
    if ('missing' in native) {
      missing.push(native.missing);
      continue;
    }
    const peer = new NativePeer(native.program);
    peers.push(peer);
    await peer.load([
      Float64Array.from(
        prepared.flatMap(columnsOf).reduce<number[]>((all, column) => all.concat(Array.from(column)), [expiries, STRIKES, 128]),
      ),
    ]);
    const command = `scan ${LOOP_REPEATS} ${SCAN_DEFAULTS.widestStrikes} ${SCAN_DEFAULTS.smallestCredit} ${SCAN_DEFAULTS.wings}`;
    const [, theirLooked, theirSum] = (await peer.ask(command)).split(' ').map(Number);
    sameAsNative &&= theirLooked === looked && Math.abs(theirSum! - sum) < 1e-9 * Math.abs(sum);
    contenders[name] = () => peer.time(command);
  }
  const comparison = await compare(contenders, rounds);
  for (const peer of peers) peer.close();
  return { comparison, candidates: looked, sameAsNative, missing };
}

function columnsOf({ strike, putSell, putBuy, putFair, putLiquidity, distribution, frame }: PreparedExpiry): Float64Array[] {
  return [strike, putSell, putBuy, putFair, putLiquidity, distribution, Float64Array.of(frame.low, frame.perStep)];
}
