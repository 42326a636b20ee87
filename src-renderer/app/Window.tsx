import { useEffect } from 'react';
import { useLink } from '../connection/current.ts';
import { useOpenFeed } from '../stores/feedStore.ts';
import { notificationsFeed, ordersFeed, positionsFeed, statusFeed, underlyingsFeed } from '../stores/feeds.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { Alerts } from './Alerts.tsx';
import { KeysHelp } from './KeysHelp.tsx';
import { useKeyboard } from './keyboard.ts';
import { LinkBanner } from './LinkBanner.tsx';
import { LiveBand } from './LiveBand.tsx';
import { Palette } from './Palette.tsx';
import { ProofDialog } from './ProofDialog.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Tabs } from './Tabs.tsx';
import { Toasts } from './Toasts.tsx';
import { TopBar } from './TopBar.tsx';
import { panels } from './tabs.ts';

/** The frame: what is always in sight around the open panel. */
export function Window() {
  useOpenFeed(statusFeed, {});
  useOpenFeed(notificationsFeed, {});
  useOpenFeed(underlyingsFeed, {});
  useOpenFeed(positionsFeed, {});
  useOpenFeed(ordersFeed, {});
  useKeyboard();
  useThemeAttribute();
  useTitle();
  const open = useWorkspace((workspace) => workspace.panel);
  const overlay = useWorkspace((workspace) => workspace.overlay);
  const mode = statusFeed.use((feed) => feed.item?.mode);
  const isConnected = useLink((view) => view.link.kind === 'connected');
  const entry = panels.find((panel) => panel.name === open) ?? panels[0];
  if (!entry) return null;
  return (
    <div className="window" data-mode={mode ?? 'unknown'} data-connected={isConnected}>
      <LiveBand />
      <TopBar />
      <Tabs />
      <LinkBanner />
      <Alerts />
      <main className="panel" role="tabpanel" id={`panel-${entry.name}`} aria-labelledby={`tab-${entry.name}`}>
        <entry.Panel />
      </main>
      <StatusBar />
      <Toasts />
      {overlay === 'palette' ? <Palette /> : null}
      {overlay === 'keys' ? <KeysHelp /> : null}
      <ProofDialog />
    </div>
  );
}

/** The browser tab or task bar says whose money it is and whether the switch is thrown. */
function useTitle() {
  const mode = statusFeed.use((feed) => feed.item?.mode);
  const kill = statusFeed.use((feed) => feed.item?.kill.state);
  useEffect(() => {
    const parts = [kill && kill !== 'ACTIVE' ? kill : null, mode?.toUpperCase(), 'Strikedesk'];
    document.title = parts.filter(Boolean).join(' · ');
  }, [mode, kill]);
}

function useThemeAttribute() {
  const theme = useWorkspace((workspace) => workspace.theme);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}
