import type { OptionContract } from '#domain/market/instrument';
import { earlyAssignmentRisk } from '#domain/structures/assignment';
import { intrinsicValue } from '#domain/structures/intrinsic';
import type { ASSIGNMENT_MODELS, ClearingSettings } from '../settings.ts';

/** A short option at the end of a day, before its expiration. Prices in dollars per share. */
export interface ShortOptionTonight {
  readonly contract: OptionContract;
  /** Positive. */
  readonly contracts: number;
  readonly spot: number;
  readonly mark: number;
  /** Dividend that goes ex on the next session, 0 when none does. */
  readonly dividendTomorrow: number;
  /** Interest on the strike until expiration. */
  readonly strikeInterest: number;
  /** Uniform draws, fixed by contract and day. */
  readonly draw: (label: number) => number;
}

/** How many of a position's short contracts are assigned tonight. */
export interface AssignmentModel {
  assigned(position: ShortOptionTonight): number;
}

const DRAW_WHETHER = 1;
const DRAW_HOW_MANY = 2;
/** A deep put keeps some holders back even when the interest argues for exercise. */
const PUT_RELUCTANCE = 0.2;

export function assignmentModel(name: (typeof ASSIGNMENT_MODELS)[number], settings: ClearingSettings): AssignmentModel {
  if (name === 'never') return { assigned: () => 0 };
  return {
    assigned: ({ contract, contracts, spot, mark, dividendTomorrow, strikeInterest, draw }) => {
      const context = { spot, optionPrice: mark, dividend: dividendTomorrow, strikeInterest };
      if (!earlyAssignmentRisk(contract, context).atRisk || intrinsicValue(contract.right, contract.strike, spot) < 0.01)
        return 0;
      const chance = settings.earlyAssignmentChance * (contract.right === 'put' ? PUT_RELUCTANCE : 1);
      if (draw(DRAW_WHETHER) >= chance) return 0;
      // The clearing house allots at random: mostly all of a small position, sometimes part of it.
      return draw(DRAW_HOW_MANY) < 0.75 ? contracts : Math.max(1, Math.ceil(contracts * draw(DRAW_HOW_MANY + 1)));
    },
  };
}
