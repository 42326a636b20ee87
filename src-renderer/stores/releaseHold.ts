import { desk, newCommandId, settled } from '../connection/current.ts';
import { showFailure } from './toasts.ts';

const WHAT = 'Release of the kill switch';

/** The release button goes down: the engine's program begins to measure the hold. null when it was refused (and says so). */
export async function beginRelease(): Promise<string | null> {
  const result = await settled(desk.command('killSwitch.beginRelease', { commandId: newCommandId() }));
  if (!result.ok) {
    showFailure(WHAT, result.failure);
    return null;
  }
  const { kind, message, ids } = result.answer;
  const nonce = kind === 'done' ? ids[0] : undefined;
  if (nonce === undefined) showFailure(WHAT, { code: 'refused', message, retryable: false });
  return nonce ?? null;
}
