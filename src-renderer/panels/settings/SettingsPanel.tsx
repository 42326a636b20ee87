import { useEffect, useMemo, useState } from 'react';
import type { SettingsView } from '#contract/settings';
import { FeedFrame } from '../../components/FeedFrame.tsx';
import { titleOf } from '../../components/format/words.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { settingsFeed } from '../../stores/feeds.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { About } from './About.tsx';
import { GoingLive } from './GoingLive.tsx';
import { groupOf, groupsOf, settingFields } from './groups.ts';
import { Keys } from './Keys.tsx';
import { Opinion } from './Opinion.tsx';
import { Phone } from './Phone.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import './settings.css';

const EXTRA = ['Broker keys', 'Going live', 'Phone', 'Second opinion', 'About'] as const;

export function SettingsPanel() {
  useOpenFeed(settingsFeed, {});
  const feed = settingsFeed.use();
  return (
    <FeedFrame what="settings" {...feed}>
      {(view) => <Settings view={view} />}
    </FeedFrame>
  );
}

function Settings({ view }: { view: SettingsView }) {
  const fields = useMemo(() => settingFields(view.schema), [view.schema]);
  const groups = useMemo(() => groupsOf(fields), [fields]);
  const [chosen, setChosen] = useState<string>(groups[0] ?? EXTRA[0]);
  const [search, setSearch] = useState('');
  const asked = useWorkspace((workspace) => workspace.settingInView);

  useEffect(() => {
    if (asked === null) return;
    setChosen(groupOf(asked));
    setSearch('');
    const timer = setTimeout(() => {
      const line = document.getElementById(`setting-${asked}`);
      line?.scrollIntoView({ block: 'center' });
      line?.querySelector<HTMLElement>('input, select')?.focus();
      useWorkspace.setState({ settingInView: null });
    }, 50);
    return () => clearTimeout(timer);
  }, [asked]);

  function choose(group: string) {
    setSearch('');
    setChosen(group);
  }

  return (
    <div className="settings-layout">
      <nav className="settings-groups" aria-label="Groups of settings">
        <input
          className="field"
          aria-label="Find a setting"
          placeholder="Find a setting …"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {[...groups, ...EXTRA].map((group) => (
          <button key={group} type="button" aria-current={search === '' && group === chosen} onClick={() => choose(group)}>
            {titleOf(group)}
          </button>
        ))}
        <p className="faint settings-file">
          File
          <br />
          <span className="identifier">{view.file}</span>
        </p>
      </nav>
      <section className="settings-main" aria-label="Setting fields">
        {search === '' && chosen === 'Broker keys' ? <Keys /> : null}
        {search === '' && chosen === 'Going live' ? <GoingLive /> : null}
        {search === '' && chosen === 'Phone' ? <Phone /> : null}
        {search === '' && chosen === 'Second opinion' ? <Opinion /> : null}
        {search === '' && chosen === 'About' ? <About /> : null}
        <SettingsForm
          view={view}
          fields={fields}
          group={EXTRA.some((extra) => extra === chosen) ? null : chosen}
          search={search}
        />
      </section>
    </div>
  );
}
