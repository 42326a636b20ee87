import { useMemo, useState } from 'react';
import type { StrategyView } from '#contract/strategies';
import { Button } from '../../components/Button.tsx';
import { Drawer, Section } from '../../components/Drawer.tsx';
import { SchemaField } from '../../components/form/SchemaField.tsx';
import { fieldsOf } from '../../components/form/schema.ts';
import { useDraft } from '../../components/form/useDraft.ts';
import { percent } from '../../components/format/money.ts';
import { Segmented } from '../../components/Segmented.tsx';
import { Stepper } from '../../components/Stepper.tsx';
import { act } from '../../stores/act.ts';
import { statusFeed } from '../../stores/feeds.ts';
import { select } from '../../stores/selection.ts';
import { effectiveParameters, neverEntered, overridesAfter } from './parameters.ts';
import { TrustSection } from './Trust.tsx';

const PROFILES = [
  { value: 'conservative', text: 'Conservative' },
  { value: 'moderate', text: 'Moderate' },
  { value: 'aggressive', text: 'Aggressive' },
] as const;

/** Profile, limits and parameters of one strategy; what differs from the profile is marked. */
export function StrategyDrawer({ strategy }: { strategy: StrategyView }) {
  const [profile, setProfile] = useState(strategy.profile);
  const [maxPositions, setMaxPositions] = useState(strategy.maxPositions);
  const [maxRiskFraction, setMaxRiskFraction] = useState(strategy.maxRiskFraction);
  const [hasBadPositions, setBadPositions] = useState(false);
  const [hasBadRisk, setBadRisk] = useState(false);
  const [overrides, setOverrides] = useState(strategy.overrides);
  const fields = useMemo(() => fieldsOf(strategy.schema), [strategy.schema]);
  const values = useMemo(() => effectiveParameters(strategy, profile, overrides), [strategy, profile, overrides]);
  const draft = useDraft(fields, values);
  const isLive = statusFeed.use((feed) => feed.item?.mode === 'live');
  const next = overridesAfter(overrides, draft.changes);
  const never = neverEntered(overridesAfter(values, draft.changes));
  const toCorrect = draft.problems.length + Object.keys(never).length + Number(hasBadPositions) + Number(hasBadRisk);
  const isChanged =
    draft.changes.length > 0 ||
    profile !== strategy.profile ||
    maxPositions !== strategy.maxPositions ||
    maxRiskFraction !== strategy.maxRiskFraction ||
    JSON.stringify(overrides) !== JSON.stringify(strategy.overrides);

  async function save() {
    const { strategyId } = strategy;
    const outcome = await act('strategy.configure', strategy.title, {
      strategyId,
      profile,
      maxPositions,
      maxRiskFraction,
      overrides: { ...next },
    });
    if (outcome?.kind !== 'done') return;
    setOverrides(next);
    draft.clear();
  }

  return (
    <Drawer title={`${strategy.title}: parameters`} subtitle={strategy.summary} onClose={() => select({ strategy: null })}>
      <TrustSection strategy={strategy} />
      <Section title="Profile and limits">
        {isLive ? (
          <p className="setting-about soft">
            ⇥ With real money at stake: a more careful profile, fewer positions and a smaller share are tighter and count at once.
            The other way, and any change of a parameter, only while nothing is held or worked.
          </p>
        ) : null}
        <Segmented label="Risk profile" options={PROFILES} value={profile} onChange={setProfile} />
        <div className="close-line close-line-fields">
          <div className="labelled">
            <span className="faint">Open positions at most</span>
            <Stepper
              label="Open positions at most"
              value={maxPositions}
              step={1}
              min={0}
              max={100}
              onChange={setMaxPositions}
              onBad={setBadPositions}
            />
          </div>
          <div className="labelled">
            <span className="faint">Share of equity at risk ({percent(maxRiskFraction)})</span>
            <Stepper
              label="Share of equity at risk"
              value={maxRiskFraction}
              step={0.01}
              digits={3}
              min={0.001}
              max={1}
              onChange={setMaxRiskFraction}
              onBad={setBadRisk}
            />
          </div>
        </div>
      </Section>
      <Section
        title="Parameters"
        aside={
          Object.keys(overrides).length > 0 ? (
            <Button small tone="quiet" onClick={() => setOverrides({})}>
              Drop {Object.keys(overrides).length} own values
            </Button>
          ) : null
        }
      >
        {fields.map((field) => (
          <SchemaField
            key={field.path}
            field={field}
            text={draft.textOf(field)}
            isChanged={draft.isChanged(field)}
            problem={draft.problemOf(field) ?? never[field.path] ?? null}
            lock={null}
            onChange={(text) => draft.change(field, text)}
            onUndo={() => draft.undo(field)}
          />
        ))}
      </Section>
      <div className="save-line">
        <Button tone="primary" disabled={!isChanged || toCorrect > 0} onClick={() => void save()}>
          Save {strategy.title}
        </Button>
        <span className="faint">{toCorrect > 0 ? `${toCorrect} to correct` : isChanged ? 'not saved yet' : 'in force'}</span>
      </div>
    </Drawer>
  );
}
