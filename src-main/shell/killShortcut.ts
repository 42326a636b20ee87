import { globalShortcut } from 'electron';

/**
 * The kill switch from any application: freezes everything, whatever window is in front. Answers with a sentence when the system
 * does not give the keys; then nothing is registered.
 */
export function registerKillShortcut(keys: string, freeze: () => void): string | null {
  if (keys === '') return null;
  try {
    if (globalShortcut.register(keys, freeze)) return null;
  } catch (error) {
    return `The kill shortcut ${keys} is not one: ${error instanceof Error ? error.message : String(error)}`;
  }
  return `The kill shortcut ${keys} belongs to another application; choose other keys in Settings.`;
}

export function releaseKillShortcut(): void {
  globalShortcut.unregisterAll();
}
