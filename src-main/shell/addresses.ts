/** The window's own scheme and host; nothing else is ever loaded into a window. */
export const SCHEME = 'strikedesk';
export const ORIGIN = `${SCHEME}://desk`;
export const START_ADDRESS = `${ORIGIN}/`;

/** Messages between preload and shell, and from preload to the page. */
export const REQUEST_PORT = 'strikedesk:request-port';
export const PORT = 'strikedesk:port';

/** True for an address inside the window's own origin. */
export function isOwnAddress(address: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(address);
    return protocol === `${SCHEME}:` && host === 'desk' && username === '' && password === '';
  } catch {
    return false;
  }
}
