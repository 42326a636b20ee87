import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messagePortPipe } from '../../../src-renderer/connection/messagePortPipe.ts';
import { SignInRequired } from '../../../src-renderer/connection/session.ts';
import { NOT_ACCEPTED, type SocketLike, webSocketPipe } from '../../../src-renderer/connection/webSocketPipe.ts';

class FakeSocket extends EventTarget implements SocketLike {
  readonly sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  receive(frame: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }

  end(code: number, reason = ''): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }
}

describe('the WebSocket pipe', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('authenticates in its first message and hands over frames only after the welcome', async () => {
    const socket = new FakeSocket();
    const opening = webSocketPipe(socket, 'secret');
    expect(socket.sent).toEqual([]);
    socket.open();
    expect(socket.sent).toEqual(['{"kind":"authenticate","token":"secret"}']);
    socket.receive({ kind: 'authenticated' });
    const pipe = await opening;
    const frames: unknown[] = [];
    pipe.onFrame((frame) => frames.push(frame));
    socket.receive({ kind: 'item', id: 1, seq: 1, item: 5 });
    expect(frames).toEqual([{ kind: 'item', id: 1, seq: 1, item: 5 }]);
    pipe.send({ kind: 'unsubscribe', id: 1 });
    expect(socket.sent.at(-1)).toBe('{"kind":"unsubscribe","id":1}');
  });

  it('asks for another token when the host closes with its code, and only then', async () => {
    const refused = new FakeSocket();
    const forgotten: string[] = [];
    const forget = (token: string) => forgotten.push(token);
    const first = webSocketPipe(refused, 'wrong', { forget });
    refused.open();
    refused.end(NOT_ACCEPTED);
    await expect(first).rejects.toBeInstanceOf(SignInRequired);

    const away = new FakeSocket();
    const second = webSocketPipe(away, 'right', { forget });
    away.end(1006);
    await expect(second).rejects.toThrow('The engine cannot be reached.');
    // Only what was refused: a reload would send it again.
    expect(forgotten).toEqual(['wrong']);
  });

  it('keeps the session’s token instead of what it signed in with, and tells why a link opens nothing', async () => {
    const socket = new FakeSocket();
    const kept: string[] = [];
    const opening = webSocketPipe(socket, 'code of a link', { keep: (token) => kept.push(token) });
    socket.open();
    socket.receive({ kind: 'authenticated', role: 'owner', token: 'of the session' });
    await opening;
    socket.receive({ kind: 'authenticated', token: 'a frame like any other' });
    expect(kept).toEqual(['of the session']);

    const again = new FakeSocket();
    const second = webSocketPipe(again, 'code of a link', { keep: (token) => kept.push(token) });
    again.open();
    again.end(NOT_ACCEPTED, 'this link was used before or is too old');
    await expect(second).rejects.toThrow(/^This link was used before or is too old\. Type the token/);
    expect(kept).toHaveLength(1);
  });

  it('gives up on a host that says nothing', async () => {
    const socket = new FakeSocket();
    const opening = webSocketPipe(socket, 'secret');
    const outcome = expect(opening).rejects.toThrow('did not answer in time');
    await vi.advanceTimersByTimeAsync(8_000);
    await outcome;
    expect(socket.closed).toBe(true);
  });

  it('tells once that the line is gone and sends nothing afterwards', async () => {
    const socket = new FakeSocket();
    const opening = webSocketPipe(socket, 'secret');
    socket.open();
    socket.receive({ kind: 'authenticated' });
    const pipe = await opening;
    const reasons: string[] = [];
    pipe.onClosed((reason) => reasons.push(reason));
    socket.end(1001, 'restarting');
    socket.end(1006);
    pipe.send({ kind: 'unsubscribe', id: 1 });
    expect(reasons).toEqual(['restarting']);
    expect(socket.sent).toHaveLength(1);
    const late: string[] = [];
    pipe.onClosed((reason) => late.push(reason));
    expect(late).toEqual(['restarting']);
  });
});

describe('the message port pipe', () => {
  it('carries frames both ways and says goodbye', async () => {
    const { port1, port2 } = new MessageChannel();
    const ours = messagePortPipe(port1);
    const theirs = messagePortPipe(port2);
    const heard: unknown[] = [];
    theirs.onFrame((frame) => heard.push(frame));
    const gone = new Promise<string>((resolve) => theirs.onClosed(resolve));
    ours.send({ kind: 'call', id: 1, name: 'desk.about', input: {} });
    await vi.waitFor(() => expect(heard).toEqual([{ kind: 'call', id: 1, name: 'desk.about', input: {} }]));
    ours.close();
    expect(await gone).toBe('The engine closed the line.');
  });
});
