import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { useOpenFeed } from '../../stores/feedStore.ts';
import { protectionFeed } from '../../stores/feeds.ts';
import { showSetting } from '../../stores/workspace.ts';

/** What maps to what: every trigger with its severity, and what a severity does. */
export function Severities() {
  useOpenFeed(protectionFeed, {});
  const view = protectionFeed.use((feed) => feed.item);
  if (!view) return null;
  return (
    <Section title="What stops it by itself">
      <table className="gates">
        <thead>
          <tr>
            <th scope="col">Trigger</th>
            <th scope="col">Severity</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {view.triggers.map((trigger) => (
            <tr key={trigger.trigger}>
              <th scope="row">
                {trigger.setting === '' ? (
                  trigger.title
                ) : (
                  <button type="button" className="limit-title" onClick={() => showSetting(trigger.setting)}>
                    {trigger.title}
                  </button>
                )}
              </th>
              <td className={trigger.isTripped ? 'loss' : trigger.severity === 'critical' ? 'warn' : ''}>
                {trigger.isTripped ? '■ ' : ''}
                {trigger.severity}
              </td>
              <td className="faint" title={trigger.lastWhat}>
                {trigger.lastAt === null ? 'never' : dayAndTime(trigger.lastAt)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="story">
        {view.acts.map(({ severity, does }) => (
          <li key={severity}>
            <strong>{severity}</strong> {does}
          </li>
        ))}
      </ul>
    </Section>
  );
}
