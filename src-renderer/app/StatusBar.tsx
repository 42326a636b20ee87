import type { ConnectionView } from '#contract/desk';
import { Badge } from '../components/Badge.tsx';
import { duration } from '../components/format/instants.ts';
import { whole } from '../components/format/money.ts';
import { titleOf } from '../components/format/words.ts';
import { useNow } from '../components/useNow.ts';
import { useLink } from '../connection/current.ts';
import { act } from '../stores/act.ts';
import { statusFeed } from '../stores/feeds.ts';

const DOT = { connected: '●', disconnected: '○', stale: '◐', unknown: '?' } as const;
const CHANNEL = { broker: 'Broker', updates: 'Order updates', data: 'Market data' } as const;
/** The window's own figures count as old after this many milliseconds without a new status. */
const STATUS_OLD_MS = 5_000;

function Connection({ connection }: { connection: ConnectionView }) {
  return (
    <span className={`connection connection-${connection.state}`} title={connection.detail}>
      <span aria-hidden="true">{DOT[connection.state]}</span> {CHANNEL[connection.channel]}{' '}
      <span className="connection-word">{connection.state}</span>
    </span>
  );
}

/** What kind of quotes these are, in words that nobody takes for more than they are. */
const QUALITY = {
  nbbo: 'OPRA',
  indicative: 'indicative (delayed, altered)',
  simulated: 'simulated',
  recorded: 'recorded',
} as const;

function Freshness() {
  const now = useNow();
  const receivedAt = statusFeed.use((feed) => feed.receivedAt);
  const data = statusFeed.use((feed) => feed.item?.data);
  const linked = useLink((view) => view.link.kind === 'connected');
  const silentMs = receivedAt === null ? null : now - receivedAt;
  const isOld = !linked || (silentMs !== null && silentMs > STATUS_OLD_MS);
  return (
    <>
      <span className={`connection connection-${isOld ? 'stale' : 'connected'}`}>
        <span aria-hidden="true">{isOld ? DOT.stale : DOT.connected}</span>{' '}
        {isOld ? `Window stale${silentMs === null ? '' : ` for ${duration(silentMs)}`}` : 'Window current'}
      </span>
      {data ? (
        <span className={data.stale ? 'warn' : ''} title="Age of the newest quote, and what kind of quotes these are">
          Quotes {data.ageMs === null ? 'none yet' : `${duration(data.ageMs)} old`} · {QUALITY[data.quality]}
          {data.stale ? ' · STALE' : ''}
        </span>
      ) : null}
    </>
  );
}

function Scan() {
  const now = statusFeed.use((feed) => feed.item?.now);
  const scan = statusFeed.use((feed) => feed.item?.scan);
  if (!scan || !now) return null;
  const next = scan.nextAt === null ? 'no scan planned' : `next scan in ${duration(Math.max(0, scan.nextAt - now))}`;
  return (
    <button
      type="button"
      className="status-link"
      title={`Scan ${scan.scanId} had ${whole(scan.candidates)} candidates. Press to scan now.`}
      onClick={() => void act('desk.scanNow', 'Scan requested', {})}
    >
      {next} · {whole(scan.contracts)} contracts → {whole(scan.proposals)} proposals → {whole(scan.approved)} approved
    </button>
  );
}

function Breakers() {
  const breakers = statusFeed.use((feed) => feed.item?.breakers);
  const entries = statusFeed.use((feed) => feed.item?.entries);
  return (
    <>
      {entries && !entries.open ? (
        <Badge tone="warn" title={entries.blockedBy.join('\n')}>
          Entries closed: {entries.blockedBy[0] ?? 'see Risk'}
          {entries.blockedBy.length > 1 ? ` +${entries.blockedBy.length - 1}` : ''}
        </Badge>
      ) : null}
      {breakers?.map((breaker) => (
        <Badge key={breaker.breaker} tone={breaker.severity === 'low' ? 'plain' : 'bad'} title={breaker.detail}>
          Breaker: {titleOf(breaker.breaker)} ({breaker.severity})
        </Badge>
      ))}
    </>
  );
}

/** Shorter pauses of the data are what a feed is like. */
const UNATTENDED_SHOWN_MS = 60_000;

function Danger() {
  const danger = statusFeed.use((feed) => feed.item?.danger);
  const now = statusFeed.use((feed) => feed.item?.now);
  if (!danger || !now) return null;
  return (
    <span className="status-danger" title="The nearest moment at which something must be done">
      {danger.what} in {duration(danger.at - now)}
    </span>
  );
}

/** Open positions that nobody can watch now: their data stays away. */
function Unattended() {
  const ms = statusFeed.use((feed) => feed.item?.unattendedMs ?? 0);
  if (ms < UNATTENDED_SHOWN_MS) return null;
  return (
    <span className="badge badge-bad" role="alert">
      Positions unattended for {duration(ms)}
    </span>
  );
}

export function StatusBar() {
  const connections = statusFeed.use((feed) => feed.item?.connections);
  const build = statusFeed.use((feed) => feed.item?.build);
  return (
    <footer className="status-bar">
      <Freshness />
      <Unattended />
      {connections?.map((connection) => (
        <Connection key={connection.channel} connection={connection} />
      ))}
      <Breakers />
      <span className="status-gap" />
      <Danger />
      <Scan />
      <span className="faint status-build">{build}</span>
    </footer>
  );
}
