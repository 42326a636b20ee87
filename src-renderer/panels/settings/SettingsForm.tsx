import type { SettingsView } from '#contract/settings';
import { Button } from '../../components/Button.tsx';
import { SchemaField } from '../../components/form/SchemaField.tsx';
import type { FormField } from '../../components/form/schema.ts';
import { useDraft } from '../../components/form/useDraft.ts';
import { titleOf } from '../../components/format/words.ts';
import { Empty } from '../../components/Notices.tsx';
import { act } from '../../stores/act.ts';
import { groupOf, shownFields } from './groups.ts';

interface SettingsFormProps {
  readonly view: SettingsView;
  readonly fields: readonly FormField[];
  readonly group: string | null;
  readonly search: string;
}

/** The generated form. A draft lives across groups until it is saved or undone; saving sends all changes as one act. */
export function SettingsForm({ view, fields, group, search }: SettingsFormProps) {
  const draft = useDraft(fields, view.values);
  const shown = shownFields(fields, group, search);

  async function save() {
    const outcome = await act('settings.change', 'Settings', { changes: draft.changes.map((change) => ({ ...change })) });
    if (outcome?.kind === 'done') draft.clear();
  }

  return (
    <>
      {view.problems.length > 0 ? (
        <div className="settings-problems" role="alert">
          <strong>Not all of the settings file is in force; the values before stay.</strong>
          <ul>
            {view.problems.map((problem) => (
              <li key={problem.message}>
                <code>{problem.path}</code>: {problem.message}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {Object.keys(view.tighter).length > 0 ? (
        <p className="setting-about soft">
          With real money at stake a limit is made tighter at once, and looser only while nothing is held or worked. ⇥ says which
          way is tighter.
        </p>
      ) : null}
      {search !== '' && shown.length === 0 ? <Empty title="No setting by that name">Try a word of its description.</Empty> : null}
      {shown.length > 0 ? (
        <h2 className="settings-title">{search === '' ? titleOf(group ?? '') : `Found: ${shown.length}`}</h2>
      ) : null}
      <div className="settings-fields">
        {shown.map((field) => {
          const variable = view.overridden[field.path];
          return (
            <div key={field.path}>
              {search === '' ? null : <p className="faint setting-group">{titleOf(groupOf(field.path))}</p>}
              <SchemaField
                field={field}
                text={draft.textOf(field)}
                isChanged={draft.isChanged(field)}
                problem={draft.problemOf(field)}
                tighter={view.tighter[field.path] ?? ''}
                lock={variable === undefined ? null : `Set by the environment variable ${variable}`}
                onChange={(text) => draft.change(field, text)}
                onUndo={() => draft.undo(field)}
              />
            </div>
          );
        })}
      </div>
      {draft.changes.length + draft.problems.length > 0 ? (
        <div className="save-line settings-save">
          <Button tone="primary" disabled={draft.problems.length > 0} onClick={() => void save()}>
            Save {draft.changes.length} {draft.changes.length === 1 ? 'change' : 'changes'}
          </Button>
          <Button tone="quiet" onClick={draft.clear}>
            Undo all
          </Button>
          <span className="loss">{draft.problems[0] ?? ''}</span>
        </div>
      ) : null}
    </>
  );
}
