import { Button } from '../components/Button.tsx';
import { clockTime } from '../components/format/instants.ts';
import { act } from '../stores/act.ts';
import { statusFeed } from '../stores/feeds.ts';

/** Critical alerts across the window until somebody says that they were seen; unseen for too long, they stop entries. */
export function Alerts() {
  const alerts = statusFeed.use((feed) => feed.item?.alerts);
  return (alerts ?? []).map(({ alertId, title, body, at }) => (
    <div className="link-banner alert-banner" role="alert" key={alertId}>
      <span>
        <strong>
          {clockTime(at)} {title}.
        </strong>{' '}
        {body}
      </span>
      <Button small onClick={() => void act('alert.acknowledge', title, { alertId })}>
        Acknowledge
      </Button>
    </div>
  ));
}
