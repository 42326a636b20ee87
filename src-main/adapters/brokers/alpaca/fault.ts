import type { Fault } from '#ports/broker';
import { GatewayError } from './gateway.ts';

/** Whatever went wrong with an answer as a fault: the gateway's own, or an answer that could not be read, whose message names the field. */
export function faultOf(error: unknown): Fault {
  if (error instanceof GatewayError) return error.fault;
  return { code: 'decode', message: error instanceof Error ? error.message : String(error), retryable: true };
}
