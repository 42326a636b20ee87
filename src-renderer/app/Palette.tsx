import { useMemo, useState } from 'react';
import { showOverlay } from '../stores/workspace.ts';
import { matching, type PaletteCommand, paletteCommands } from './commands.ts';
import { Overlay } from './Overlay.tsx';

const SHOWN = 12;

export function Palette() {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const commands = useMemo(paletteCommands, []);
  const found = matching(commands, typed).slice(0, SHOWN);
  const chosen = found[Math.min(at, found.length - 1)];

  function run(command: PaletteCommand | undefined) {
    showOverlay('none');
    command?.run();
  }

  return (
    <Overlay title="Command palette" onClose={() => showOverlay('none')}>
      <input
        className="field palette-field"
        aria-label="Command"
        placeholder="Panel, symbol or act …"
        // biome-ignore lint/a11y/noAutofocus: the palette is opened by a key in order to type into it
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, found.length));
          if (event.key === 'ArrowUp') setAt((at - 1 + found.length) % Math.max(1, found.length));
          if (event.key === 'Enter') run(chosen);
        }}
      />
      <ul className="palette-list">
        {found.map((command) => (
          <li key={command.id}>
            <button type="button" aria-current={command === chosen} onClick={() => run(command)}>
              <span>{command.title}</span>
              <span className="faint">{command.hint}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className="soft">Nothing by that name.</p> : null}
    </Overlay>
  );
}
