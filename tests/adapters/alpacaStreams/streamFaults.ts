/** A frame on its way from the broker: when it is handed over, in seconds from now; none = lost. */
export type Handing = readonly { readonly text: string; readonly after: number }[];

/** A named fault of the order stream. `frame` sees the n-th frame of the story (0 = the order works, 1 and 2 = its two fills). */
export interface StreamFault {
  readonly name: string;
  readonly frame?: (text: string, n: number) => Handing;
  /** What happens to the connection when the first fill is on its way. */
  readonly line?: 'closes' | 'closesFor20s' | 'refusesKeyFor10s' | 'revokesKey' | 'kicked' | 'kickedThrice' | 'deafAck' | 'noAck';
  /** The frames after the fault began are lost with the connection. */
  readonly losesFrames?: boolean;
}

const now = (text: string): Handing => [{ text, after: 0 }];
const LOST: Handing = [];
const late =
  (seconds: number) =>
  (text: string): Handing => [{ text, after: seconds }];
const only =
  (n: number, fault: (text: string) => Handing) =>
  (text: string, at: number): Handing =>
    at === n ? fault(text) : now(text);
const fills =
  (fault: (text: string) => Handing) =>
  (text: string, at: number): Handing =>
    at > 0 ? fault(text) : now(text);
const twice = (text: string): Handing => [...now(text), ...now(text)];
const instead = (text: string): Handing => now(text);
const edited =
  (change: (data: Record<string, unknown>) => void) =>
  (text: string): Handing => {
    const frame: { stream: string; data: Record<string, unknown> } = JSON.parse(text);
    change(frame.data);
    return now(JSON.stringify(frame));
  };

export const STREAM_FAULTS: readonly StreamFault[] = [
  { name: 'the word that it works is lost', frame: only(0, () => LOST) },
  { name: 'the first of two fills is lost', frame: only(1, () => LOST) },
  { name: 'the last of two fills is lost', frame: only(2, () => LOST) },
  { name: 'both fills are lost', frame: fills(() => LOST) },
  { name: 'every frame is lost', frame: () => LOST },
  { name: 'a fill comes twice', frame: only(1, twice) },
  { name: 'every frame comes twice', frame: twice },
  { name: 'a fill comes again half a minute later', frame: only(2, (text) => [...now(text), ...late(30)(text)]) },
  { name: 'every frame comes again after a quarter of an hour', frame: (text) => [...now(text), ...late(900)(text)] },
  { name: 'a fill comes before the word that it works', frame: only(0, late(5)) },
  { name: 'the second fill comes before the first', frame: only(1, late(8)) },
  { name: 'everything comes backwards', frame: (text, n) => late(9 - 4 * n)(text) },
  { name: 'everything is a second late', frame: late(1) },
  { name: 'everything is five seconds late', frame: late(5) },
  { name: 'fills are half a minute late', frame: fills(late(30)) },
  { name: 'fills are a minute late, after the sweep', frame: fills(late(60)) },
  { name: 'fills are ten minutes late, long after the sweep', frame: fills(late(600)) },
  { name: 'half open: the socket stands, nothing comes any more', frame: fills(() => LOST) },
  {
    name: 'a lying heartbeat: only acknowledgements come',
    frame: fills(() => instead('{"stream":"listening","data":{"streams":["trade_updates"]}}')),
  },
  { name: 'the socket closes, and the fills fall into the gap', line: 'closes', losesFrames: true },
  { name: 'no connection for twenty seconds', line: 'closesFor20s', losesFrames: true },
  { name: 'the key is refused for ten seconds after a loss', line: 'refusesKeyFor10s', losesFrames: true },
  { name: 'the key is revoked in the middle', line: 'revokesKey', losesFrames: true },
  { name: 'a second client takes the connection once', line: 'kicked', losesFrames: true },
  { name: 'a second client takes it three times', line: 'kickedThrice', losesFrames: true },
  { name: 'the next connection does not listen to trade_updates', line: 'deafAck', losesFrames: true },
  { name: 'the next connection never acknowledges', line: 'noAck', losesFrames: true },
  {
    name: 'a gap with the old frames said again after it',
    line: 'closes',
    frame: fills((text) => [...late(15)(text), ...late(16)(text)]),
  },
  {
    name: 'a frame without its order',
    frame: only(
      1,
      edited((data) => delete data['order']),
    ),
  },
  {
    name: 'a fill of NaN',
    frame: only(
      1,
      edited((data) => Object.assign(data, { qty: 'NaN' })),
    ),
  },
  {
    name: 'a fill without its size',
    frame: only(
      2,
      edited((data) => delete data['qty']),
    ),
  },
  {
    name: 'a fill a hundred times its order',
    frame: only(
      1,
      edited((data) => Object.assign(data, { qty: '200' })),
    ),
  },
  {
    name: 'a fill of a contract that is not in the order',
    frame: only(1, (text) => instead(text.replaceAll('P00095000', 'P00094000'))),
  },
  {
    name: 'a fill without an execution id',
    frame: only(1, (text) => instead(text.replaceAll('execution_id', 'id_of_execution'))),
  },
  { name: 'frames cut off in the middle', frame: fills((text) => instead(text.slice(0, text.length / 2))) },
  { name: 'frames of rubbish', frame: fills(() => instead('\u0000\u0001\u0002')) },
  {
    name: 'an event that nobody knows',
    frame: only(
      1,
      edited((data) => Object.assign(data, { event: 'trade_bust_of_2027' })),
    ),
  },
  {
    name: 'an error in the place of a frame',
    frame: only(1, () => instead('{"action":"error","data":{"error_message":"internal"}}')),
  },
  { name: 'a list in the place of a frame', frame: only(1, (text) => instead(`[${text}]`)) },
  { name: 'fills under another’s id', frame: only(1, (text) => instead(text.replaceAll('sd-test0001', 'someone-else'))) },
];
