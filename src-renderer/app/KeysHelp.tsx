import { showOverlay } from '../stores/workspace.ts';
import { keys } from './keyboard.ts';
import { Overlay } from './Overlay.tsx';

export function KeysHelp() {
  return (
    <Overlay title="Keys" onClose={() => showOverlay('none')}>
      <dl className="keys">
        {keys.map((row) => (
          <div key={row.keys}>
            <dt>
              <kbd>{row.keys}</kbd>
            </dt>
            <dd>{row.does}</dd>
          </div>
        ))}
      </dl>
      <p className="faint">On a Mac, Cmd works as Ctrl.</p>
    </Overlay>
  );
}
