import { noInput } from './fields.ts';
import { feed } from './verbs.ts';

/** What the watchdog sees and did. Instants are the machine's own clock, epoch milliseconds. */
export interface WatchdogView {
  /** `off`: none is needed or possible here, `why` says the reason; `lost`: it has died and is being started again. */
  readonly phase: 'off' | 'starting' | 'watching' | 'fired' | 'ended' | 'lost';
  readonly why: string;
  /** It goes on when the program is killed; one inside a packaged app ends with it. */
  readonly outlives: boolean;
  readonly pid: number;
  readonly at: number;
  readonly lastBeatAt: number | null;
  readonly beatsMissed: number;
  readonly beatSeconds: number;
  readonly missedBeats: number;
  readonly firedAt: number | null;
  /** Broker order ids of entries that it took back. */
  readonly cancelled: readonly string[];
  /** Entries open at the broker at its last look. */
  readonly remaining: number | null;
  readonly clearedAt: number | null;
  /** It also sets Alpaca's suspend_trade when it fires (`watchdog.suspendTrade`): then the broker refuses every order, exits too. */
  readonly suspends: boolean;
  /** It did. */
  readonly suspended: boolean;
  readonly positions: number;
  readonly error: string;
}

export const watchdog = { 'watchdog.view': feed<WatchdogView>()(noInput) };
