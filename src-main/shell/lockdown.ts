import { app, session } from 'electron';
import { isOwnAddress } from './addresses.ts';

/**
 * What no page may do, whatever it becomes: leave its own origin, open windows, embed web views, be given a permission, or
 * reach the network. Call before the first window.
 */
export function lockDown(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
    // A frame of the page, if one ever came to be, leaves as little as the page itself.
    contents.on('will-frame-navigate', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_, __, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const { url } = details;
    answer({ cancel: !(isOwnAddress(url) || url.startsWith('devtools:') || url.startsWith('data:image/')) });
  });
}
