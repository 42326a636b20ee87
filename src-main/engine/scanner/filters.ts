import type { GateResult } from '#domain/decisions/decision';
import { sharesOf } from '#domain/structures/anatomy';
import type { Instant, IsoDate } from '#domain/units';
import type { ScannerSettings } from '#ports/settings/settings';
import type { Proposal } from '#ports/strategy';
import { above, atLeast, atMost, holds } from '../risk/gates.ts';
import type { Appraisal } from './appraise.ts';
import { contractGates } from './contractRules.ts';
import { earningsAhead } from './eligibility.ts';

/** What the filters compare with beside the proposal itself. */
export interface FilterTerms {
  readonly now: Instant;
  readonly today: IsoDate;
  readonly settings: ScannerSettings;
  /** null when it could not be established: then nothing that needs it passes. */
  readonly equityCents: number | null;
}

/** Every filter that a proposal must pass before it may be ranked, each with its numbers. A bad leg fails the whole package. */
export function filterGates(proposal: Proposal, appraisal: Appraisal, terms: FilterTerms): GateResult[] {
  const gates = legGates(appraisal, terms);
  gates.push(...parameterGates(proposal, appraisal));
  const { settings, today } = terms;
  gates.push(holds('earnings', !earningsAhead(proposal.view, today, settings.earningsBlackoutDays), proposal.underlying));
  gates.push(holds('priced', appraisal.priced));
  if (appraisal.priced) gates.push(...valueGates(proposal, appraisal, terms));
  return gates;
}

/** For each rule of a contract the leg that does worst: the failed one where there is one, else the last. */
function legGates({ placed }: Appraisal, { now, settings }: FilterTerms): GateResult[] {
  const worst = new Map<string, GateResult>();
  for (const { side, index } of placed) {
    if (side === null) continue;
    for (const gate of contractGates(side, index, now, settings)) {
      const known = worst.get(gate.gate);
      if (!known || known.passed) worst.set(gate.gate, gate);
    }
  }
  return [...worst.values()];
}

/**
 * The strategy's own window: days to expiration, short delta, width, IV rank. The limits are in the proposal's parameters; what its
 * own time stop would close at once is not entered.
 */
function parameterGates({ parameters, expiration, exitPlan, view }: Proposal, { shortDelta }: Appraisal): GateResult[] {
  const gates: GateResult[] = [];
  const limit = (name: string): number | null => {
    const value = parameters[name];
    return typeof value === 'number' ? value : null;
  };
  const { daysToExpiration } = expiration;
  const dteMin = limit('dteMin');
  const dteMax = limit('dteMax');
  const deltaMin = limit('shortDeltaMin');
  const deltaMax = limit('shortDeltaMax');
  const maxWidth = limit('maxWidthDollars');
  const ivRankMin = limit('ivRankMin');
  if (dteMin !== null) gates.push(atLeast('dteMin', daysToExpiration, dteMin, 'days'));
  if (dteMax !== null) gates.push(atMost('dteMax', daysToExpiration, dteMax, 'days'));
  if (exitPlan.timeStopDays !== null) gates.push(above('timeStop', daysToExpiration, exitPlan.timeStopDays, 'days'));
  if (deltaMin !== null) gates.push(atLeast('shortDeltaMin', shortDelta, deltaMin, 'delta'));
  if (deltaMax !== null) gates.push(atMost('shortDeltaMax', shortDelta, deltaMax, 'delta'));
  if (maxWidth !== null) gates.push(atMost('maxWidth', limit('width'), maxWidth, 'dollars'));
  if (ivRankMin !== null)
    gates.push(
      atLeast('ivRank', ivRankMin > 0 ? view.ivRank : (view.ivRank ?? 0), ivRankMin, 'fraction', view.ivRankBasis ?? 'none'),
    );
  return gates;
}

/** What the trade would be worth. Defined-risk spreads by their loss, secured structures by equity share and stress. */
function valueGates({ legs }: Proposal, appraisal: Appraisal, { settings, equityCents }: FilterTerms): GateResult[] {
  const buysShares = sharesOf(legs) > 0;
  const gates = [
    atLeast('probabilityOfProfit', appraisal.probabilityOfProfit, settings.minProbabilityOfProfit, 'fraction'),
    above('expectedValue', appraisal.expectedValueCents / 100, settings.minExpectedValueDollars, 'dollars'),
  ];
  if (!buysShares) gates.push(above('netCredit', appraisal.expectedCredit, 0, 'dollars'));
  if (!appraisal.secured) {
    const loss = appraisal.maxLossCents === null ? null : appraisal.maxLossCents / 100;
    gates.push(atLeast('creditToRisk', appraisal.creditToRisk, settings.minCreditToRisk, 'fraction'));
    gates.push(atMost('maxLoss', loss, settings.maxLossPerSpreadDollars, 'dollars'));
    return gates;
  }
  const share = (fraction: number): number | null => (equityCents === null ? null : (equityCents / 100) * fraction);
  gates.push(atMost('equityShare', appraisal.tiedUpCents / 100, share(settings.maxEquityShareSecured), 'dollars'));
  gates.push(atMost('stressLoss', appraisal.stressLossCents / 100, share(settings.maxStressLossFraction), 'dollars'));
  return gates;
}
