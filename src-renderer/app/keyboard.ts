import { useEffect } from 'react';
import { showOverlay, showPanel, toggleTheme, useWorkspace } from '../stores/workspace.ts';
import { panels } from './tabs.ts';

/** What the keys do, in the order in which the help shows them. */
export const keys: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Ctrl+1 … Ctrl+0', does: 'Open a panel (its tab names the key)' },
  { keys: 'Ctrl+K', does: 'Command palette' },
  { keys: 'Ctrl+Shift+X', does: 'Kill switch' },
  { keys: 'Ctrl+B', does: 'Notifications' },
  { keys: 'Ctrl+Shift+L', does: 'Dark or light' },
  { keys: '?', does: 'These keys' },
  { keys: 'Esc', does: 'Close what is open' },
  { keys: '↑ ↓', does: 'Step a price or a count in its field' },
  { keys: '↑ ↓ ← →', does: 'Move over the quotes of a chain; Space or Enter adds the leg' },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function toggle(overlay: 'palette' | 'keys' | 'notifications' | 'killSwitch') {
  showOverlay(useWorkspace.getState().overlay === overlay ? 'none' : overlay);
}

/** True when the key was one of ours. */
function handle(event: KeyboardEvent): boolean {
  const withControl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (withControl && event.shiftKey && key === 'x') toggle('killSwitch');
  else if (withControl && event.shiftKey && key === 'l') toggleTheme();
  else if (withControl && !event.shiftKey && key === 'k') toggle('palette');
  else if (withControl && !event.shiftKey && key === 'b') toggle('notifications');
  else if (withControl && /^\d$/.test(key)) {
    const entry = panels.find((panel) => panel.key === key);
    if (!entry) return false;
    showPanel(entry.name);
  } else if (event.key === '?' && !isTyping(event.target)) toggle('keys');
  else if (event.key === 'Escape' && useWorkspace.getState().overlay !== 'none') showOverlay('none');
  else return false;
  return true;
}

export function useKeyboard(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (handle(event)) event.preventDefault();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
