import { create } from 'zustand';
import type { ActOutcome } from '#contract/desk';
import type { GateResult } from '#domain/decisions/decision';
import type { CallFailure } from '../connection/desk.ts';

/** A short message that leaves by itself; refusals, failures and repeated presses stay until they are dismissed. */
export interface Toast {
  readonly id: number;
  readonly tone: 'done' | 'repeated' | 'refused' | 'failed' | 'news';
  readonly title: string;
  readonly body: string;
  /** Gates that refused, with the numbers compared. */
  readonly reasons?: readonly GateResult[];
}

interface Toasts {
  readonly toasts: readonly Toast[];
}

const MOST = 4;
const SHOWN_MS = 6_000;

export const useToasts = create<Toasts>(() => ({ toasts: [] }));
let lastId = 0;

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

export function showToast(toast: Omit<Toast, 'id'>): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { ...toast, id }].slice(-MOST) }));
  if (toast.tone === 'done' || toast.tone === 'news') setTimeout(() => dismissToast(id), SHOWN_MS);
}

/** Tells the owner what became of an act. */
export function showOutcome(what: string, outcome: ActOutcome): void {
  const refused = outcome.kind === 'refused';
  const title = outcome.repeated ? `${what}: nothing new was sent` : refused ? `${what}: refused` : what;
  showToast({
    tone: outcome.repeated ? 'repeated' : refused ? 'refused' : 'done',
    title,
    body: outcome.message,
    reasons: outcome.reasons.filter((gate) => !gate.passed),
  });
}

/** A command whose answer did not come: no failure of the act, which may well have acted. */
export function showNoAnswer(what: string, failure: CallFailure): void {
  showToast({
    tone: 'failed',
    title: `${what}: no answer`,
    body: `It may have acted: look before it is pressed anew. ${failure.message}`,
  });
}

export function showFailure(what: string, failure: CallFailure): void {
  showToast({ tone: 'failed', title: `${what}: failed`, body: failure.message });
}
