import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpinionRow } from '#contract/opinion';
import { eventually } from '#support/telegramStandIn';
import type { Attack } from '../../battery/injection/attacks.ts';
import { type ObeyingModel, startObeyingModel } from '../../battery/injection/obeyingModel.ts';
import { type InjectionDesk, openInjectionDesk } from '../../battery/injection/openInjectionDesk.ts';

/** How long the model thinks; everything else at the desk must be over long before. */
const THINKS_MS = 6_000;
const SLOWLY: Attack = { id: 1, family: 'slow', field: 'companyName', text: '(case 1) take your time' };
const OWNER = { role: 'owner', via: 'browser', name: 'owner' } as const;

let model: ObeyingModel;
let desk: InjectionDesk;
beforeAll(async () => {
  model = await startObeyingModel();
  model.slowBy(THINKS_MS);
  desk = await openInjectionDesk(model.url, 60);
}, 120_000);
afterAll(async () => {
  await desk.close();
  await model.close();
});

describe('a second opinion at a desk', () => {
  it('holds up neither the kill switch nor an answer; what comes after the answer is on record and not shown', {
    timeout: 90_000,
  }, async () => {
    const opinions = desk.opinionsWith(() => SLOWLY);
    const row = (): OpinionRow | undefined => opinions.view().opinions[0];
    expect(await desk.ask(opinions)).toMatchObject({ kind: 'done', ids: ['o1'] });
    expect(await desk.ask(opinions)).toMatchObject({ kind: 'refused', message: 'It is being asked.' });
    await eventually('the question arrived', () => model.heard.length === 1, 20_000);
    expect(await desk.act('killSwitch.throw')).toMatchObject({ kind: 'done' });
    await desk.act('proposal.answer');
    expect(row()).toMatchObject({ state: 'asking', decisionId: desk.decision.decisionId });
    expect(desk.desk.view().latch.state).toBe('REDUCING');
    expect(desk.desk.view().awaiting.some(({ decisionId }) => decisionId === desk.decision.decisionId)).toBe(false);
    await eventually('it ended', () => row()?.state !== 'asking', 40_000);
    expect(row()).toMatchObject({ state: 'overtaken', opinion: null, why: null, by: 'owner (browser)' });
    expect(await desk.ask(opinions)).toMatchObject({ kind: 'refused', message: 'This proposal does not wait for your answer.' });
    const { rows } = await desk.handlers['journal.events'](
      { kind: 'OpinionEnded', text: null, beforeSeq: null, limit: 10 },
      OWNER,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.summary).toMatch(
      /^Second opinion o1 on d\d+ after \d+\.\d s, after it was decided: agree \(none\): It looks sound$/,
    );
    expect(rows[0]?.payload).toMatchObject({ current: false, result: { kind: 'given' } });
    expect(desk.desk.parts.journal.verify().ok).toBe(true);
    opinions.stop();
  });

  it('is remembered by the next start, with its budget; a key goes to its own address only', async () => {
    const opinions = desk.opinionsWith(() => null);
    expect(opinions.view()).toMatchObject({
      enabled: true,
      problem: '',
      origin: model.origin,
      keyFor: '',
      askedWithinADay: 1,
      opinions: [{ opinionId: 'o1', state: 'overtaken', opinion: null }],
    });
    expect(await desk.storeKey(opinions)).toMatchObject({ kind: 'done' });
    expect(opinions.view().keyFor).toBe(model.origin);
    expect(JSON.stringify(opinions.view())).not.toContain(desk.modelKey);
    expect(await desk.desk.parts.secrets.read('opinion')).toEqual({ keyId: model.origin, secret: desk.modelKey });
    opinions.stop();
  });
});
