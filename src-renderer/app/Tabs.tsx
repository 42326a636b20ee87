import { statusFeed } from '../stores/feeds.ts';
import { type PanelName, showPanel, useWorkspace } from '../stores/workspace.ts';
import { panels } from './tabs.ts';

/** Figures beside a tab's word: what is held, what works, what waits for the owner. */
function useCounts(): Partial<Record<PanelName, number>> {
  const positions = statusFeed.use((feed) => feed.item?.counts.positions ?? 0);
  const orders = statusFeed.use((feed) => feed.item?.counts.workingOrders ?? 0);
  const decisions = statusFeed.use((feed) => feed.item?.counts.awaitingApproval ?? 0);
  return { positions, orders, decisions };
}

export function Tabs() {
  const open = useWorkspace((workspace) => workspace.panel);
  const counts = useCounts();

  function move(by: number) {
    const at = panels.findIndex((panel) => panel.name === open);
    const next = panels[(at + by + panels.length) % panels.length];
    if (!next) return;
    showPanel(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  }

  return (
    <div
      className="tabs"
      role="tablist"
      aria-label="Panels"
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1);
        if (event.key === 'ArrowLeft') move(-1);
      }}
    >
      {panels.map((panel) => (
        <button
          key={panel.name}
          type="button"
          role="tab"
          id={`tab-${panel.name}`}
          aria-label={panel.title}
          aria-selected={panel.name === open}
          aria-controls={`panel-${panel.name}`}
          tabIndex={panel.name === open ? 0 : -1}
          title={`${panel.about} (Ctrl+${panel.key})`}
          onClick={() => showPanel(panel.name)}
        >
          {panel.title}
          {counts[panel.name] ? <span className="tab-count">{counts[panel.name]}</span> : null}
        </button>
      ))}
    </div>
  );
}
