import type { WireFault } from '#support/faultyWire';

/** What is asked of the broker while the fault stands. */
export type Asking = 'send' | 'cancel' | 'cancelUnheard' | 'lookUp' | 'snapshot' | 'exercise' | 'chain' | 'quotes' | 'history';

/** One named fault of the REST wire and what must come of it. */
export interface NamedFault {
  readonly name: string;
  readonly on: string;
  readonly fault: WireFault;
  readonly asking: Asking;
  /** The one report or answer: its kind, and what its message (or code) must hold. */
  readonly expect: { readonly kind: string; readonly certainty?: 'notSent' | 'inDoubt'; readonly says?: RegExp };
  /** For an order: whether the broker has it. */
  readonly atBroker?: 0 | 1;
}

const HTML = '<html><head><title>Bad gateway</title></head><body><h1>502</h1></body></html>';
const says = (
  status: number,
  body: string,
  more: { readonly type?: string; readonly forwarded?: boolean; readonly headers?: Record<string, string> } = {},
): WireFault => ({
  kind: 'says',
  status,
  body,
  ...more,
});
const coded = (status: number, code: number, message: string): WireFault => says(status, JSON.stringify({ code, message }));
const page = (status: number, forwarded = false): WireFault => says(status, HTML, { type: 'text/html', forwarded });
/** Changes the answer's JSON, or its first element. */
const with_ = (change: (json: Record<string, unknown>) => unknown): WireFault => ({
  kind: 'changes',
  change: (text) => {
    const json: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(json) ? json[0] : json;
    if (typeof first !== 'object' || first === null) throw new Error(`nothing to change in ${text.slice(0, 80)}`);
    const changed = change({ ...first });
    return JSON.stringify(Array.isArray(json) ? [changed, ...json.slice(1)] : changed);
  },
});
const field = (name: string, value: unknown): WireFault => with_((json) => ({ ...json, [name]: value }));
const text = (change: (text: string) => string, type?: string): WireFault => ({
  kind: 'changes',
  change,
  ...(type ? { type } : {}),
});
const half = text((whole) => whole.slice(0, Math.ceil(whole.length / 2)));

const POST = 'POST /v2/orders';
const doubt = { kind: 'submissionFailed', certainty: 'inDoubt' } as const;
const notSent = { kind: 'submissionFailed', certainty: 'notSent' } as const;

const SENDING: readonly Omit<NamedFault, 'on' | 'asking'>[] = [
  { name: '401 unauthorized', fault: says(401, '{"message":"unauthorized."}'), expect: notSent, atBroker: 0 },
  {
    name: '403 in the broker’s form',
    fault: coded(403, 40310000, 'insufficient buying power'),
    expect: { kind: 'orderRejected', says: /buying power/ },
    atBroker: 0,
  },
  { name: '403 as a firewall’s page', fault: page(403), expect: notSent, atBroker: 0 },
  { name: '404 in the broker’s form', fault: coded(404, 40410000, 'not found'), expect: notSent, atBroker: 0 },
  { name: '404 as a proxy’s page', fault: page(404, true), expect: doubt, atBroker: 1 },
  { name: '408 after acceptance', fault: page(408, true), expect: doubt, atBroker: 1 },
  { name: '409 conflict', fault: coded(409, 40910000, 'conflict'), expect: doubt, atBroker: 0 },
  {
    name: '422 in the broker’s form',
    fault: coded(422, 42210000, 'invalid limit price'),
    expect: { kind: 'orderRejected', says: /limit price/ },
    atBroker: 0,
  },
  { name: '422 as a proxy’s page after acceptance', fault: page(422, true), expect: doubt, atBroker: 1 },
  { name: '429 with a page', fault: page(429), expect: notSent, atBroker: 0 },
  { name: '500', fault: coded(500, 50010000, 'internal server error'), expect: doubt, atBroker: 0 },
  { name: '502 with a page after acceptance', fault: page(502, true), expect: doubt, atBroker: 1 },
  { name: '503', fault: page(503), expect: doubt, atBroker: 0 },
  { name: '504 after acceptance', fault: page(504, true), expect: doubt, atBroker: 1 },
  { name: '200 with a page', fault: page(200, true), expect: { ...doubt, says: /not JSON/ }, atBroker: 1 },
  { name: '200, cut off in the middle', fault: half, expect: { ...doubt, says: /not JSON/ }, atBroker: 1 },
  { name: '200, empty', fault: text(() => ''), expect: { ...doubt, says: /expected an object/ }, atBroker: 1 },
  { name: '200 with null', fault: text(() => 'null'), expect: { ...doubt, says: /expected an object/ }, atBroker: 1 },
  {
    name: '200 with a list',
    fault: text((whole) => `[${whole}]`),
    expect: { ...doubt, says: /expected an object/ },
    atBroker: 1,
  },
  {
    name: '200 without the broker’s id',
    fault: field('id', undefined),
    expect: { ...doubt, says: /id is missing/ },
    atBroker: 1,
  },
  { name: '200 with an id of null', fault: field('id', null), expect: { ...doubt, says: /id is missing/ }, atBroker: 1 },
  {
    name: '200 about another order',
    fault: field('client_order_id', 'sd-other'),
    expect: { ...doubt, says: /client_order_id is 'sd-other'/ },
    atBroker: 1,
  },
  { name: '200 with a field nobody knows', fault: field('nested', { new: [1] }), expect: { kind: 'orderAccepted' }, atBroker: 1 },
  { name: '200 with numbers for text', fault: field('qty', 1), expect: { kind: 'orderAccepted' }, atBroker: 1 },
  {
    name: '200 of the wrong content type',
    fault: text((whole) => whole, 'text/plain'),
    expect: { kind: 'orderAccepted' },
    atBroker: 1,
  },
  {
    name: 'a packing that it is not in',
    fault: { kind: 'changes', change: (whole) => whole, headers: { 'Content-Encoding': 'gzip' } },
    expect: doubt,
    atBroker: 1,
  },
  { name: 'accepted, then silence', fault: { kind: 'silent', forwarded: true }, expect: doubt, atBroker: 1 },
  { name: 'silence', fault: { kind: 'silent', forwarded: false }, expect: doubt, atBroker: 0 },
  { name: 'an answer drop by drop', fault: { kind: 'drips' }, expect: doubt, atBroker: 1 },
  { name: 'a reset after acceptance', fault: { kind: 'resetsBeforeHead', forwarded: true }, expect: doubt, atBroker: 1 },
  { name: 'a reset before', fault: { kind: 'resetsBeforeHead', forwarded: false }, expect: doubt, atBroker: 0 },
  { name: 'a reset in the body', fault: { kind: 'resetsInBody' }, expect: doubt, atBroker: 1 },
  {
    name: '307 elsewhere, which would send it again',
    fault: says(307, '', { forwarded: true, headers: { Location: '/v2/orders' } }),
    expect: doubt,
    atBroker: 1,
  },
];

const refused = (says_?: RegExp): NamedFault['expect'] => ({ kind: 'cancelRefused', ...(says_ ? { says: says_ } : {}) });
const CANCELLING: readonly Omit<NamedFault, 'on' | 'asking'>[] = [
  { name: '422 not cancellable', fault: coded(422, 42210000, 'order is not cancelable'), expect: refused(/not cancelable/) },
  { name: '404', fault: coded(404, 40410000, 'order not found'), expect: refused(/not found/) },
  { name: '429', fault: coded(429, 42910000, 'rate limit exceeded'), expect: refused(/rate limit/) },
  { name: '500', fault: coded(500, 50010000, 'internal'), expect: refused() },
  { name: '200 with a page', fault: page(200, true), expect: refused(/not JSON/) },
  { name: 'silence', fault: { kind: 'silent', forwarded: false }, expect: refused() },
  { name: 'a reset', fault: { kind: 'resetsBeforeHead', forwarded: false }, expect: refused() },
];

const failed = (says_?: RegExp): NamedFault['expect'] => ({ kind: 'lookUpFailed', ...(says_ ? { says: says_ } : {}) });
const LOOKING_UP: readonly Omit<NamedFault, 'on' | 'asking'>[] = [
  { name: '401', fault: says(401, '{"message":"unauthorized."}'), expect: failed(/unauthorized/) },
  { name: '404 as a proxy’s page proves no absence', fault: page(404), expect: failed() },
  { name: '500', fault: coded(500, 50010000, 'internal'), expect: failed() },
  { name: '200, empty', fault: text(() => ''), expect: failed(/expected an object/) },
  { name: '200, cut off', fault: half, expect: failed(/not JSON/) },
  { name: '200 about another order', fault: field('client_order_id', 'sd-other'), expect: failed(/client_order_id/) },
  { name: '200 without qty', fault: field('qty', undefined), expect: failed(/qty is missing/) },
  { name: '200 with more filled than ordered', fault: field('filled_qty', '7'), expect: failed(/filled_qty is 7 of 1/) },
  { name: '200 with a size of NaN', fault: field('qty', 'NaN'), expect: failed(/qty is not a number/) },
  { name: '200 without a state', fault: field('status', null), expect: failed(/status is missing/) },
  { name: 'silence', fault: { kind: 'silent', forwarded: false }, expect: failed() },
];

const looked = (says_?: RegExp): NamedFault['expect'] => ({ kind: 'snapshotFailed', ...(says_ ? { says: says_ } : {}) });
const LOOKING: readonly Omit<NamedFault, 'asking'>[] = [
  {
    name: 'the account without its equity',
    on: 'GET /v2/account',
    fault: field('equity', null),
    expect: looked(/account: equity is missing/),
  },
  {
    name: 'the account with a cash of NaN',
    on: 'GET /v2/account',
    fault: field('cash', 'NaN'),
    expect: looked(/cash is not a number/),
  },
  {
    name: 'the account with more money than there is',
    on: 'GET /v2/account',
    fault: field('equity', 1e300),
    expect: looked(/equity is not a number/),
  },
  {
    name: 'the account without its flags is read and stops new risk',
    on: 'GET /v2/account',
    fault: field('trading_blocked', undefined),
    expect: { kind: 'snapshot', says: /"tradingBlocked":null/ },
  },
  {
    name: 'the account with numbers for text',
    on: 'GET /v2/account',
    fault: field('equity', 100_000),
    expect: { kind: 'snapshot', says: /"equity":10000000,/ },
  },
  {
    name: 'positions, empty, are no empty account',
    on: 'GET /v2/positions',
    fault: text(() => ''),
    expect: looked(/positions: expected a list/),
  },
  {
    name: 'positions as an object',
    on: 'GET /v2/positions',
    fault: text(() => '{}'),
    expect: looked(/positions: expected a list/),
  },
  {
    name: 'a position without its size',
    on: 'GET /v2/positions',
    fault: field('qty', undefined),
    expect: looked(/qty is missing/),
  },
  { name: 'orders, cut off', on: 'GET /v2/orders', fault: half, expect: looked(/not JSON/) },
  { name: 'an order without its side', on: 'GET /v2/orders', fault: field('side', ''), expect: looked(/side is missing/) },
  { name: 'activities as a page', on: 'GET /v2/account/activities', fault: page(200), expect: looked(/not JSON/) },
  {
    name: 'an activity without its id',
    on: 'GET /v2/account/activities',
    fault: field('id', undefined),
    expect: looked(/id is missing/),
  },
  { name: '429', on: 'GET /v2/positions', fault: page(429), expect: looked() },
  { name: '403', on: 'GET /v2/account', fault: says(403, '{"message":"forbidden."}'), expect: looked(/forbidden/) },
];

const quote = (change: (quote: Record<string, unknown>) => Record<string, unknown>): WireFault =>
  with_((json) => ({
    ...json,
    quotes: Object.fromEntries(
      Object.entries(objectIn(json['quotes'])).map(([symbol, item]) => [symbol, change(objectIn(item))]),
    ),
  }));
function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
const missing = (says_?: RegExp): NamedFault['expect'] => ({ kind: 'missing', ...(says_ ? { says: says_ } : {}) });
const MARKET: readonly NamedFault[] = [
  { name: '429', on: 'GET /v1beta1/options/snapshots', fault: page(429), asking: 'chain', expect: missing() },
  { name: 'a page', on: 'GET /v1beta1/options/snapshots', fault: page(200), asking: 'chain', expect: missing(/not JSON/) },
  {
    name: 'the same page for ever',
    on: 'GET /v1beta1/options/snapshots',
    fault: field('next_page_token', 'again'),
    asking: 'chain',
    expect: missing(/next_page_token again again/),
  },
  {
    name: 'a list of snapshots',
    on: 'GET /v1beta1/options/snapshots',
    fault: field('snapshots', []),
    asking: 'chain',
    expect: missing(/snapshots: expected an object/),
  },
  {
    name: 'contracts of a 500',
    on: 'GET /v2/options/contracts',
    fault: coded(500, 50010000, 'internal'),
    asking: 'chain',
    expect: missing(),
  },
  {
    name: 'prices as text are no prices',
    on: 'GET /v2/stocks/quotes',
    fault: quote((one) => ({ ...one, bp: '1', ap: '2' })),
    asking: 'quotes',
    expect: { kind: 'quotes', says: /^\[\]$/ },
  },
  {
    name: 'prices of null',
    on: 'GET /v2/stocks/quotes',
    fault: quote((one) => ({ ...one, bp: null })),
    asking: 'quotes',
    expect: { kind: 'quotes', says: /^\[\]$/ },
  },
  {
    name: 'a time that is none makes a quote as old as can be',
    on: 'GET /v2/stocks/quotes',
    fault: quote((one) => ({ ...one, t: 'soon' })),
    asking: 'quotes',
    expect: { kind: 'quotes', says: /"at":0/ },
  },
  {
    name: 'bars without a close',
    on: 'GET /v2/stocks/bars',
    fault: with_(() => ({ bars: { SPY: [{ t: '2026-01-02T05:00:00Z', o: 1, h: 1, l: 1 }] } })),
    asking: 'history',
    expect: missing(/bar of 2026-01-02: c is missing/),
  },
  {
    name: 'a dividend of the 31st of never',
    on: 'GET /v1/corporate-actions',
    fault: with_(() => ({ corporate_actions: { cash_dividends: [{ ex_date: '2026-13-31', rate: 1 }] } })),
    asking: 'history',
    expect: missing(/ex_date/),
  },
];

/** More than sixty, by what is asked. */
export const NAMED_FAULTS: readonly NamedFault[] = [
  ...SENDING.map((fault) => ({ ...fault, on: POST, asking: 'send' as const })),
  ...CANCELLING.map((fault) => ({ ...fault, on: 'DELETE /v2/orders', asking: 'cancel' as const })),
  {
    name: '200 without an id',
    on: 'GET /v2/orders:by',
    fault: field('id', ''),
    asking: 'cancelUnheard',
    expect: refused(/id is missing/),
  },
  ...LOOKING_UP.map((fault) => ({ ...fault, on: 'GET /v2/orders', asking: 'lookUp' as const })),
  ...LOOKING.map((fault) => ({ ...fault, asking: 'snapshot' as const })),
  {
    name: '403',
    on: 'POST /v2/positions',
    fault: coded(403, 40310000, 'not allowed'),
    asking: 'exercise',
    expect: { kind: 'unknownMessage', says: /not allowed/ },
  },
  ...MARKET,
];
