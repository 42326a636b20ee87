import { contextBridge, ipcRenderer } from 'electron';

/** The part of the page's global that is used: this layer is compiled without the DOM. */
declare const window: {
  postMessage(message: string, origin: string, ports: readonly unknown[]): void;
  readonly location: { readonly origin: string };
};

// One function crosses into the page: asking for the line to the engine. The port itself travels as a window message to the
// page's own origin. The names are repeated here because a sandboxed preload is one file.
const REQUEST_PORT = 'strikedesk:request-port';
const PORT = 'strikedesk:port';

contextBridge.exposeInMainWorld('strikedesk', {
  requestPort(): void {
    ipcRenderer.send(REQUEST_PORT);
  },
});

ipcRenderer.on(PORT, (event) => {
  window.postMessage(PORT, window.location.origin, [...event.ports]);
});
