import type { GateResult } from '#domain/decisions/decision';

/** A number that could not be established is null; null never passes. */
type Known = number | null;

function compared(gate: string, value: Known, limit: Known, unit: string, holds: boolean, note?: string): GateResult {
  const passed = value !== null && limit !== null && Number.isFinite(value) && Number.isFinite(limit) && holds;
  const result = { gate, passed, value: finiteOrNull(value), limit: finiteOrNull(limit), unit };
  return note === undefined ? result : { ...result, note };
}

function finiteOrNull(value: Known): Known {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Passes when value <= limit. */
export function atMost(gate: string, value: Known, limit: Known, unit: string, note?: string): GateResult {
  return compared(gate, value, limit, unit, value !== null && limit !== null && value <= limit, note);
}

/** Passes when value < limit: for losses, where reaching the limit is the breach. */
export function below(gate: string, value: Known, limit: Known, unit: string, note?: string): GateResult {
  return compared(gate, value, limit, unit, value !== null && limit !== null && value < limit, note);
}

/** Passes when value >= limit. */
export function atLeast(gate: string, value: Known, limit: Known, unit: string, note?: string): GateResult {
  return compared(gate, value, limit, unit, value !== null && limit !== null && value >= limit, note);
}

/** Passes when value > limit. */
export function above(gate: string, value: Known, limit: Known, unit: string, note?: string): GateResult {
  return compared(gate, value, limit, unit, value !== null && limit !== null && value > limit, note);
}

/** A gate without numbers: it holds or it does not. Told as 1 or 0 against 1. */
export function holds(gate: string, passed: boolean, note?: string): GateResult {
  const result = { gate, passed, value: passed ? 1 : 0, limit: 1, unit: 'yes/no' };
  return note === undefined ? result : { ...result, note };
}

/** The reason codes of the gates that failed, in order, each once. */
export function failedGates(gates: readonly GateResult[]): string[] {
  return [...new Set(gates.filter((gate) => !gate.passed).map((gate) => gate.gate))];
}
