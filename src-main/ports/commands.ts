import type { ExitPlan } from '#domain/portfolio/position';
import type { Contracts, Instant, Price } from '#domain/units';

/** Who acted: the owner's hand in some window, the command line, the watchdog, or the program itself. */
export interface Actor {
  readonly role: 'owner' | 'operator' | 'viewer' | 'system';
  readonly via: 'desktop' | 'browser' | 'commandLine' | 'tray' | 'fileDrop' | 'watchdog' | 'engine' | 'telegram';
  readonly name: string;
}

/** Who acted, as the journal says it: role, way in, and the session that was signed in. */
export function actorName(by: Actor): string {
  return by.name === by.role ? `${by.role} (${by.via})` : `${by.role} (${by.via}, ${by.name})`;
}

/** A leg as the owner names it: an OCC symbol (or the underlying's for shares) and a signed ratio. */
export interface CommandLeg {
  readonly symbol: string;
  readonly ratio: number;
}

export type KillVerb = 'stopEntries' | 'freeze' | 'flatten';

/** What the owner (or a watchdog) tells the engine. `commandId` makes a double press one act. */
export type OperatorCommand =
  | {
      readonly kind: 'openStructure';
      readonly legs: readonly CommandLeg[];
      readonly contracts: Contracts;
      readonly netLimit: Price;
      readonly note: string;
    }
  | {
      readonly kind: 'closePosition';
      readonly positionId: string;
      readonly contracts: Contracts | null;
      readonly netLimit: Price | null;
    }
  | { readonly kind: 'rollPosition'; readonly positionId: string }
  | { readonly kind: 'adoptPosition'; readonly symbols: readonly string[]; readonly strategyId: string }
  | { readonly kind: 'setExitPlan'; readonly positionId: string; readonly exitPlan: ExitPlan }
  | { readonly kind: 'cancelOrder'; readonly intentId: string }
  | { readonly kind: 'approveProposal'; readonly decisionId: string }
  | { readonly kind: 'declineProposal'; readonly decisionId: string }
  | { readonly kind: 'setStrategyMode'; readonly strategyId: string; readonly mode: 'auto' | 'approve' | 'observe' | 'off' }
  | {
      readonly kind: 'setTrust';
      readonly strategyId: string;
      readonly rung: import('./settings/trustSettings.ts').Rung;
      readonly reason: string;
    }
  | { readonly kind: 'pauseSymbol'; readonly underlying: string; readonly paused: boolean }
  | { readonly kind: 'throwKillSwitch'; readonly verb: KillVerb; readonly reason: string }
  /** `heldMs`: measured by the program's own clock between the two steps of a release, never told by a window. */
  | { readonly kind: 'releaseKillSwitch'; readonly word: string; readonly heldMs: number; readonly reason: string }
  | { readonly kind: 'resetBreaker'; readonly breaker: string; readonly reason: string }
  | { readonly kind: 'acknowledgeAlert'; readonly alertId: string }
  | { readonly kind: 'editNote'; readonly tradeId: string; readonly notes: string }
  | { readonly kind: 'scanNow' }
  /** The one-time code was proved before this; it never comes here. */
  | {
      readonly kind: 'armLive';
      readonly account: string;
      readonly ceilingDollars: number;
      readonly evidence: readonly import('#domain/decisions/decision').GateResult[];
    }
  | { readonly kind: 'disarmLive'; readonly reason: string };

export interface IssuedCommand {
  readonly commandId: string;
  readonly at: Instant;
  readonly by: Actor;
  readonly command: OperatorCommand;
}

/** What became of a command; a refusal is an answer with its numbers, not an error. */
export type CommandOutcome = (
  | { readonly kind: 'done'; readonly message: string; readonly ids: readonly string[] }
  | {
      readonly kind: 'refused';
      readonly reasons: readonly import('#domain/decisions/decision').GateResult[];
      readonly message: string;
    }
) & {
  /** The command came before under this id and was answered then: nothing was done now. */
  readonly repeated?: true;
};
