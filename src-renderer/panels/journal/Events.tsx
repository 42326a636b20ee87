import { Fragment, useEffect, useState } from 'react';
import type { JournalEventView } from '#contract/journal';
import { Button } from '../../components/Button.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { whole } from '../../components/format/money.ts';
import { Empty, Loading, StaleNote } from '../../components/Notices.tsx';
import { desk, settled } from '../../connection/current.ts';

const PAGE = 100;
const PAUSE_MS = 250;

interface Pages {
  readonly rows: readonly JournalEventView[] | null;
  readonly total: number;
  readonly failure: string | null;
}

const NOTHING: Pages = { rows: null, total: 0, failure: null };

async function page(kind: string, text: string, beforeSeq: number | null) {
  return settled(desk.query('journal.events', { kind: kind.trim() || null, text: text.trim() || null, beforeSeq, limit: PAGE }));
}

/** The raw journal, newest first, event by event with its payload and hash. */
export function Events() {
  const [kind, setKind] = useState('');
  const [text, setText] = useState('');
  const [pages, setPages] = useState<Pages>(NOTHING);
  const [open, setOpen] = useState<number | null>(null);

  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void page(kind, text, null).then((result) => {
        if (!current) return;
        setPages(
          result.ok
            ? { rows: result.answer.rows, total: result.answer.total, failure: null }
            : { ...NOTHING, rows: [], failure: result.failure.message },
        );
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [kind, text]);

  async function older() {
    const last = pages.rows?.at(-1);
    if (!last) return;
    const result = await page(kind, text, last.seq);
    if (result.ok) setPages((before) => ({ ...before, rows: [...(before.rows ?? []), ...result.answer.rows] }));
    else setPages((before) => ({ ...before, failure: result.failure.message }));
  }

  const rows = pages.rows;
  return (
    <>
      <div className="filters">
        <input
          className="field"
          aria-label="Kind of event"
          placeholder="Kind"
          value={kind}
          onChange={(event) => setKind(event.target.value)}
        />
        <input
          className="field"
          aria-label="Text in the event"
          placeholder="Text"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="faint">{rows ? `${whole(rows.length)} of ${whole(pages.total)}` : ''}</span>
      </div>
      {pages.failure ? <StaleNote>{pages.failure}</StaleNote> : null}
      <div className="scroll">
        {rows === null ? <Loading what="events" /> : null}
        {rows?.length === 0 ? <Empty title="No event fits">Widen the filters.</Empty> : null}
        {rows && rows.length > 0 ? (
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col" className="number">
                  Seq
                </th>
                <th scope="col">When</th>
                <th scope="col">Kind</th>
                <th scope="col">What</th>
                <th scope="col">Hash</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((event) => (
                <Fragment key={event.seq}>
                  <tr
                    data-selectable="true"
                    aria-selected={open === event.seq}
                    onClick={() => setOpen(open === event.seq ? null : event.seq)}
                  >
                    <td className="number">
                      <button
                        type="button"
                        className="row-opener"
                        aria-expanded={open === event.seq}
                        aria-label={`Payload of event ${event.seq}`}
                      >
                        {event.seq}
                      </button>
                    </td>
                    <td className="soft">{dayAndTime(event.at)}</td>
                    <td>{event.kind}</td>
                    <td className="wrap">{event.summary}</td>
                    <td className="identifier faint">{event.hash.slice(0, 12)}</td>
                  </tr>
                  {open === event.seq ? (
                    <tr>
                      <td colSpan={5}>
                        <pre className="payload">{JSON.stringify(event.payload, null, 2)}</pre>
                        <p className="identifier faint">{event.hash}</p>
                      </td>
                    </tr>
                  ) : null}
                </Fragment>
              ))}
            </tbody>
          </table>
        ) : null}
        {rows && rows.length > 0 && rows.length < pages.total ? (
          <p className="older">
            <Button onClick={() => void older()}>Older events</Button>
          </p>
        ) : null}
      </div>
    </>
  );
}
