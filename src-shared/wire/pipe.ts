/** Stops receiving. */
export type Unsubscribe = () => void;

/**
 * A transport: Electron's message port, a WebSocket, or an in-memory pair. Frames are JSON values; what arrives is not
 * trusted. Listeners may be added at any time; a closed pipe drops what is sent.
 */
export interface Pipe {
  send(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): Unsubscribe;
  /** Calls once, with the reason in words, when the line is gone (at once when it already is). */
  onClosed(listener: (reason: string) => void): Unsubscribe;
  close(reason?: string): void;
}
