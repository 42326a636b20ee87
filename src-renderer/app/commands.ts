import { act } from '../stores/act.ts';
import { showUnderlying } from '../stores/chainView.ts';
import { underlyingsFeed } from '../stores/feeds.ts';
import { showOverlay, showPanel, toggleTheme } from '../stores/workspace.ts';
import { panels } from './tabs.ts';

/** One line of the command palette. */
export interface PaletteCommand {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  run(): void;
}

/** Everything that the palette can do now. */
export function paletteCommands(): readonly PaletteCommand[] {
  const opening = panels.map((panel) => ({
    id: `panel-${panel.name}`,
    title: `Open ${panel.title}`,
    hint: `Ctrl+${panel.key}`,
    run: () => showPanel(panel.name),
  }));
  const chains = (underlyingsFeed.use.getState().item ?? []).map((row) => ({
    id: `chain-${row.underlying}`,
    title: `Chain of ${row.underlying}`,
    hint: row.name,
    run: () => {
      showUnderlying(row.underlying);
      showPanel('chain');
    },
  }));
  const own: readonly PaletteCommand[] = [
    { id: 'kill', title: 'Kill switch …', hint: 'Ctrl+Shift+X', run: () => showOverlay('killSwitch') },
    {
      id: 'scan',
      title: 'Scan now',
      hint: 'asks the engine for a scan',
      run: () => void act('desk.scanNow', 'Scan requested', {}),
    },
    { id: 'theme', title: 'Dark or light', hint: 'Ctrl+Shift+L', run: toggleTheme },
    { id: 'backup', title: 'Back up the journal', hint: 'online copy', run: () => void act('journal.backup', 'Backup', {}) },
    { id: 'keys', title: 'Show the keys', hint: '?', run: () => showOverlay('keys') },
  ];
  return [...opening, ...own, ...chains];
}

/** Commands whose title or hint holds every typed word. */
export function matching(commands: readonly PaletteCommand[], typed: string): readonly PaletteCommand[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = `${command.title} ${command.hint}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
