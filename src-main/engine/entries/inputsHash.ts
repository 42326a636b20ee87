import type { Decision } from '#domain/decisions/decision';
import type { ChainSnapshot, ExpirationSlice, SideColumns } from '#domain/market/chain';
import type { ContentDigest } from '#ports/contentDigest';
import type { UnderlyingHistory } from '#ports/marketData';
import type { EngineSettings } from '#ports/settings/settings';
import type { Capacity, ScanInput } from '../scanner/scanInput.ts';

/** Digests of what many decisions share, kept as long as the thing itself. */
const slices = new WeakMap<ExpirationSlice, string>();
const histories = new WeakMap<UnderlyingHistory, string>();
const settings = new WeakMap<EngineSettings, string>();
const capacities = new WeakMap<Capacity, string>();

/** The content that a decision was made on, under one name: equal content, equal name, in whatever process it is made. */
export function inputsHashOf(decision: Decision, input: ScanInput, digest: ContentDigest): string {
  const { underlying } = decision;
  const chain = input.chains.find((candidate) => candidate.underlying === underlying);
  const history = input.histories.get(underlying);
  return digest([
    `${input.now} ${underlying} ${JSON.stringify(chain?.spot ?? null)}`,
    ...(chain ? slicesOf(decision, chain).map((slice) => sliceDigest(slice, digest)) : []),
    history ? kept(histories, history, () => digest([JSON.stringify(history)])) : '',
    JSON.stringify(input.ivHistories.get(underlying) ?? []),
    kept(settings, input.settings, () => digest([JSON.stringify(input.settings)])),
    kept(capacities, input.capacity, () => digest([JSON.stringify(input.capacity, plain)])),
    String(input.freeShares.get(underlying) ?? 0),
    JSON.stringify(decision.parameters),
  ]);
}

/** The expirations that it trades. The others were looked at to prefer this one, and only where a strategy asked. */
function slicesOf({ legs }: Decision, chain: ChainSnapshot): ExpirationSlice[] {
  const dates = new Set(legs.map(({ expiration }) => expiration));
  return chain.slices.filter(({ expiration }) => dates.has(expiration));
}

function sliceDigest(slice: ExpirationSlice, digest: ContentDigest): string {
  const { root, expiration, multiplier } = slice;
  return kept(slices, slice, () =>
    digest([`${root} ${expiration} ${multiplier}`, bytesOf(slice.strikes), ...columns(slice.calls), ...columns(slice.puts)]),
  );
}

function columns({ bid, ask, bidSize, askSize, quoteAt, volume, openInterest }: SideColumns): Uint8Array[] {
  return [bid, ask, bidSize, askSize, quoteAt, volume, openInterest].map(bytesOf);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function kept<Thing extends object>(known: WeakMap<Thing, string>, thing: Thing, make: () => string): string {
  const digest = known.get(thing) ?? make();
  known.set(thing, digest);
  return digest;
}

/** Maps and sets as JSON has them, in their own order. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
