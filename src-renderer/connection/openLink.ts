import { connect } from '#wire/client';
import { messagePortPipe } from './messagePortPipe.ts';
import { type OpenLink, SignInRequired } from './session.ts';
import { forgetToken, rememberedToken, rememberToken } from './token.ts';
import { webSocketPipe } from './webSocketPipe.ts';

/** What the desktop shell's preload hands over: a request, answered by a window message that carries the port. */
interface ShellBridge {
  requestPort(): void;
}

declare global {
  interface Window {
    strikedesk?: ShellBridge;
  }
}

/** `data` of the window message by which preload hands over the port. */
const PORT_MESSAGE = 'strikedesk:port';
const PORT_TIMEOUT_MS = 8_000;
/** Where the host's WebSocket lives. */
const SOCKET_PATH = '/wire';

function portFrom(shell: ShellBridge): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error('The desktop shell did not open a line.'))), PORT_TIMEOUT_MS);
    function finish(act: () => void) {
      clearTimeout(timer);
      window.removeEventListener('message', listener);
      act();
    }
    function listener(event: MessageEvent<unknown>) {
      const [port] = event.ports;
      if (event.source === window && event.data === PORT_MESSAGE && port) finish(() => resolve(port));
    }
    window.addEventListener('message', listener);
    shell.requestPort();
  });
}

/** True where the line is a browser's: the host then asks for a fresh proof before it releases or loosens anything. */
export function isBrowserLine(): boolean {
  return window.strikedesk === undefined;
}

/** Opens a line by whatever carries this window: the shell's message port, else the WebSocket of the host that served it. */
export const openLink: OpenLink = async () => {
  if (window.strikedesk !== undefined) return connect(messagePortPipe(await portFrom(window.strikedesk)));
  const token = rememberedToken();
  if (token === null) throw new SignInRequired('This desk is protected by a token.');
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}${SOCKET_PATH}`);
  return connect(await webSocketPipe(socket, token, { keep: rememberToken, forget: forgetToken }));
};
