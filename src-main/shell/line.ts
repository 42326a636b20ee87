import { type IpcMainEvent, ipcMain, MessageChannelMain } from 'electron';
import { type Handlers, serve } from '#wire/host';
import { isOwnAddress, PORT, REQUEST_PORT } from './addresses.ts';
import { portPipe } from './portPipe.ts';

/** A message is ours when it comes from the top frame of a page of our own origin. */
export function isOwnSender(event: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOwnAddress(frame.url);
}

/** Hands a message port to each window of ours that asks, and answers the contract on it as the owner. */
export function answerWindows(handlers: Handlers, onError: (where: string, error: unknown) => void): void {
  ipcMain.on(REQUEST_PORT, (event) => {
    if (!isOwnSender(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    serve(portPipe(port1), handlers, { caller: { role: 'owner', via: 'desktop', name: 'owner' }, onError });
    event.senderFrame?.postMessage(PORT, null, [port2]);
  });
}
