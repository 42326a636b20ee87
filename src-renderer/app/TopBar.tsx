import { Amount } from '../components/Amount.tsx';
import { clockTime, dayOf, duration } from '../components/format/instants.ts';
import { cash } from '../components/format/money.ts';
import { statusFeed } from '../stores/feeds.ts';
import { toggleTheme, useWorkspace } from '../stores/workspace.ts';
import { KillSwitch } from './killSwitch/KillSwitch.tsx';
import { Notifications } from './Notifications.tsx';

const MODE_WORD = { live: 'LIVE', paper: 'PAPER', backtest: 'BACKTEST' } as const;

function ModeBadge() {
  const mode = statusFeed.use((feed) => feed.item?.mode);
  const venue = statusFeed.use((feed) => feed.item?.venue);
  if (!mode) return <span className="mode-badge">…</span>;
  return (
    <span className={`mode-badge mode-${mode}`} title={`${MODE_WORD[mode]} on ${venue}`}>
      <strong>{MODE_WORD[mode]}</strong>
      <span className="mode-venue">{venue}</span>
    </span>
  );
}

function Account() {
  const account = statusFeed.use((feed) => feed.item?.account);
  return (
    <dl className="top-figures">
      <div className="figure figure-account">
        <dt>Account</dt>
        <dd>{account?.number ?? '–'}</dd>
      </div>
      <div className="figure">
        <dt>Equity</dt>
        <dd>{cash(account?.equity)}</dd>
      </div>
      <div className="figure figure-day">
        <dt>Day P&L</dt>
        <dd>
          <Amount cents={account?.dayPnl} />
        </dd>
      </div>
      <div className="figure figure-open">
        <dt>Open P&L</dt>
        <dd>
          <Amount cents={account?.openPnl} />
        </dd>
      </div>
      <div className="figure figure-power">
        <dt>Option buying power</dt>
        <dd>{cash(account?.optionsBuyingPower, 0)}</dd>
      </div>
    </dl>
  );
}

function Clock() {
  const now = statusFeed.use((feed) => feed.item?.now);
  const clock = statusFeed.use((feed) => feed.item?.clock);
  const toChange = clock?.nextChange && now ? duration(clock.nextChange - now) : null;
  const isOpen = clock?.phase === 'open';
  return (
    <div className="clock" title="New York time">
      <div className="clock-time">
        {clockTime(now)}
        {clock && clock.speed !== 1 ? (
          <span className="clock-speed">{clock.speed === 'max' ? 'max' : `${clock.speed}×`}</span>
        ) : null}
      </div>
      <div className="clock-phase">
        <span className="clock-more">
          {dayOf(now)}
          {clock ? ' · ' : ''}
        </span>
        {clock ? (
          <>
            <span className={isOpen ? 'phase-open' : 'phase-closed'}>{isOpen ? 'Open' : 'Closed'}</span>
            <span className="clock-more">{toChange ? ` · ${isOpen ? 'closes' : 'opens'} in ${toChange}` : ''}</span>
          </>
        ) : null}
      </div>
    </div>
  );
}

function ThemeButton() {
  const theme = useWorkspace((workspace) => workspace.theme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
      onClick={toggleTheme}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </svg>
    </button>
  );
}

export function TopBar() {
  return (
    <header className="top-bar">
      <h1 className="brand">
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path d="M2 15 L8 15 L13 5 L18 5" fill="none" stroke="var(--accent)" strokeWidth="2.2" strokeLinejoin="round" />
          <circle cx="10.5" cy="10" r="2" fill="var(--surface)" stroke="currentColor" strokeWidth="1.4" />
        </svg>
        <span>Strikedesk</span>
      </h1>
      <ModeBadge />
      <Account />
      <Clock />
      <div className="top-actions">
        <Notifications />
        <ThemeButton />
        <KillSwitch />
      </div>
    </header>
  );
}
