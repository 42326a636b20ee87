import type { ExitPlan } from '#domain/portfolio/position';

/** The exit part of a strategy's settings (`exitFields` and `rollFields`). */
export interface ExitSettings {
  readonly takeProfitFraction: number;
  readonly stopLossMultiple: number;
  readonly timeStopDays: number;
  readonly trailing: boolean;
  readonly trailingActivateAt: number;
  readonly trailingGiveBack: number;
  readonly scaleOut: boolean;
  readonly roll?: boolean;
  readonly rollDelta?: number;
  readonly rollDays?: number;
  readonly rollMinCredit?: number;
  readonly maxRolls?: number;
}

const SCALE_OUT: ExitPlan['scaleOut'] = [
  { atProfitFraction: 0.25, closeFraction: 1 / 3 },
  { atProfitFraction: 0.5, closeFraction: 1 / 2 },
  { atProfitFraction: 0.75, closeFraction: 1 },
];

/** The exit plan that the settings describe; a rule set to 0 or off is null. */
export function exitPlanOf(settings: ExitSettings, takeAssignment: boolean): ExitPlan {
  return {
    takeProfitFraction: settings.takeProfitFraction > 0 ? settings.takeProfitFraction : null,
    stopLossMultiple: settings.stopLossMultiple > 0 ? settings.stopLossMultiple : null,
    timeStopDays: settings.timeStopDays > 0 ? settings.timeStopDays : null,
    trailing: settings.trailing ? { activateAt: settings.trailingActivateAt, giveBack: settings.trailingGiveBack } : null,
    roll: rollOf(settings),
    scaleOut: settings.scaleOut ? SCALE_OUT : [],
    takeAssignment,
  };
}

function rollOf({ roll, rollDelta = 1, rollDays = 0, rollMinCredit = 0.01, maxRolls = 0 }: ExitSettings): ExitPlan['roll'] {
  if (roll !== true || maxRolls === 0) return null;
  return { whenShortDeltaAbove: rollDelta, atDaysToExpiration: rollDays, minCredit: rollMinCredit, maxRolls };
}
