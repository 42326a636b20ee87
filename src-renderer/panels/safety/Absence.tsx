import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { statusFeed } from '../../stores/feeds.ts';

const SHOWN = 6;

/** What could happen while nobody looks: the next dates that cannot wait, and for how long positions have been without data. */
export function Absence() {
  const status = statusFeed.use((feed) => feed.item);
  if (!status) return null;
  const { dangers, unattendedMs } = status;
  return (
    <Section title="While you are away">
      <p className={unattendedMs > 0 ? 'loss' : 'faint'}>
        {unattendedMs > 0
          ? `Positions unattended for ${Math.round(unattendedMs / 1000)} s: no data comes.`
          : 'Every position is watched.'}
      </p>
      {dangers.length === 0 ? <p className="faint">Nothing held has a date that cannot wait.</p> : null}
      <ul className="story">
        {dangers.slice(0, SHOWN).map(({ what, at }) => (
          <li key={`${what}/${at}`}>
            <time>{dayAndTime(at)}</time> {what}
          </li>
        ))}
      </ul>
      {dangers.length > SHOWN ? <p className="faint">and {dangers.length - SHOWN} later ones</p> : null}
    </Section>
  );
}
