import type { BrokerAccount } from '#ports/broker';
import type { RiskSettings } from '#ports/settings/settings';
import type { Exposure } from './book.ts';

/** Buying power in cents: what is free at the broker, what orders and all exposures take, and the whole without any position. */
export interface BuyingPower {
  readonly free: number | null;
  readonly working: number;
  readonly inUse: number;
  readonly whole: number | null;
}

/** Sums up the exposures against the account; `free` and `whole` are null while the account is not known. */
export function buyingPowerOf(exposures: readonly Exposure[], account: BrokerAccount | null): BuyingPower {
  const usedBy = (source: Exposure['source']): number =>
    exposures.reduce((sum, exposure) => (exposure.source === source ? sum + Math.max(0, -exposure.buyingPowerEffect) : sum), 0);
  const working = usedBy('workingOrder');
  const held = usedBy('position');
  const free = account ? account.optionsBuyingPower : null;
  return { free, working, inUse: held + working, whole: free === null ? null : Math.max(0, free) + held };
}

/** Cents that one more position may take under both buying-power limits, never below 0; null while the account is not known. */
export function buyingPowerRoom(
  exposures: readonly Exposure[],
  account: BrokerAccount | null,
  limits: RiskSettings,
): number | null {
  const { free, working, inUse, whole } = buyingPowerOf(exposures, account);
  if (free === null || whole === null) return null;
  return Math.max(0, Math.min(free - working, whole * limits.maxBuyingPowerFraction - inUse));
}
