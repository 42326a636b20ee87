import { z } from 'zod';

const leg = z.looseObject({ position_intent: z.string().nullish() });
const order = z.looseObject({
  id: z.string(),
  client_order_id: z.string(),
  position_intent: z.string().nullish(),
  legs: z.array(leg).nullish(),
});
export type OpenOrder = z.output<typeof order>;

export interface BrokerAddress {
  readonly tradingUrl: string;
  readonly keyId: string;
  readonly secret: string;
}

/** A request that brings no answer in this time is given up and tried again. */
const TIMEOUT_MS = 4_000;

/** The few requests that the watchdog needs, over its own connection; nothing of the engine or of a vendor's kit is in it. */
export function brokerOrders({ tradingUrl, keyId, secret }: BrokerAddress) {
  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    return await fetch(`${tradingUrl}${path}`, {
      method,
      headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  return {
    /** Everything that is open at the broker, whoever sent it. */
    async open(): Promise<readonly OpenOrder[]> {
      const answer = await call('GET', '/v2/orders?status=open&limit=500&nested=true');
      if (!answer.ok) throw new Error(`open orders: HTTP ${answer.status}`);
      return z.array(order).parse(await answer.json());
    },
    /** True when the broker took the cancel (or the order is over already). */
    async cancel(id: string): Promise<boolean> {
      const answer = await call('DELETE', `/v2/orders/${encodeURIComponent(id)}`);
      return answer.ok || answer.status === 404 || answer.status === 422;
    },
    /** Alpaca's own switch: refuses every new order, closing ones too. */
    async suspend(): Promise<void> {
      const answer = await call('PATCH', '/v2/account/configurations', { suspend_trade: true });
      if (!answer.ok) throw new Error(`suspend_trade: HTTP ${answer.status}`);
    },
  };
}

/**
 * True for an order of ours that opens a position. The engine's own list decides; an order that is not on it (the list could not
 * be read) counts as an entry only when it bears our journal's name and every leg of it opens. Orders from elsewhere and exits
 * are never touched.
 */
export function isEntry(open: OpenOrder, journalId: string, listed: ReadonlySet<string>): boolean {
  if (listed.has(open.client_order_id)) return true;
  if (!open.client_order_id.startsWith(`sd-${journalId}-`)) return false;
  const intents = open.legs && open.legs.length > 0 ? open.legs.map((one) => one.position_intent) : [open.position_intent];
  return intents.every((intent) => intent === 'buy_to_open' || intent === 'sell_to_open');
}
