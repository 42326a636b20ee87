/** Micro-benchmark of one scan on the embedded exchange's chains: `node tests/bench/scanMarket.ts`. */
import { scanMarket } from '#engine/scanner/scan';
import { EmbeddedMarket } from '../engine/scanner/embeddedMarket.ts';

const market = new EmbeddedMarket(7);
market.open();
const inputs = Array.from({ length: 20 }, (_, i) => {
  market.walkTo(60 + i);
  return market.scanInput();
});
const rounds = Number(process.argv[2] ?? 10);
let contracts = 0;
let decisions = 0;
for (const input of inputs) contracts = scanMarket(input).counts.contracts;
const before = performance.now();
for (let round = 0; round < rounds; round++) for (const input of inputs) decisions += scanMarket(input).decisions.length;
const ms = (performance.now() - before) / (rounds * inputs.length);
console.log(
  JSON.stringify({ bench: 'scanMarket', contracts, scans: rounds * inputs.length, msPerScan: Number(ms.toFixed(3)), decisions }),
);
