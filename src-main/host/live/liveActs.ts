import { renderSVG } from 'uqr';
import type { ActOutcome } from '#contract/desk';
import type { LiveView } from '#contract/live';
import type { GateResult } from '#domain/decisions/decision';
import { instant } from '#domain/units';
import { evidenceGates } from '#engine/arming/evidence';
import type { LiveStep } from '#ports/arming';
import { actorName, type OperatorCommand } from '#ports/commands';
import type { Caller, CommandHandlers } from '#wire/host';
import type { Desk } from '../desk.ts';
import { needsProof } from '../freshProof.ts';
import type { CodeAnswer } from './codes.ts';
import { paperRecordOf } from './paperRecord.ts';
import { uriOf } from './totp.ts';

type LiveActs = Pick<CommandHandlers, 'live.setUpCode' | 'live.confirmCode' | 'live.arm' | 'live.disarm'>;

/** The way to real money, with everything that its steps share. */
export interface LiveDesk {
  readonly acts: LiveActs;
  view(): Promise<LiveView>;
}

const ANSWERS: Readonly<Record<Exclude<CodeAnswer, 'accepted'>, string>> = {
  wrong: 'The code is wrong, too old, or was used before.',
  locked: 'Too many wrong codes: wait until the lock is over.',
  none: 'One-time codes are not set up.',
};

export function liveDesk(
  desk: Desk,
  issue: (commandId: string, command: OperatorCommand, by: Caller) => Promise<ActOutcome>,
): LiveDesk {
  const { parts, codes, codeLock } = desk;

  function step(step: LiveStep, detail: string, by: Caller): void {
    parts.recordFact({ kind: 'LiveStepTaken', step, detail, by: actorName(by) });
  }

  function criteria(): readonly GateResult[] {
    const { live } = parts.settings.current();
    return evidenceGates(paperRecordOf(parts.journal, live.countSimulated, parts.battery()), live);
  }

  function notArmed(message: string, by: Caller, reasons: readonly GateResult[] = []): ActOutcome {
    step('armingRefused', `${message}${reasons.map(({ gate }) => ` ${gate}`).join(',')}`, by);
    return { kind: 'refused', message, ids: [], reasons };
  }

  /** While no code is confirmed, only the owner's token makes one: a code is itself a proof, which no session may give to itself. */
  async function unprovedFirst(proof: string | undefined, by: Caller): Promise<string | null> {
    return (await codes.state()) === 'confirmed' ? null : desk.freshProof(proof, by);
  }

  const acts: LiveActs = {
    'live.setUpCode': async ({ code, proof }, by) => {
      const nothing = (message: string) => ({ ...refused(message), uri: '', qrSvg: '' });
      const problem = storeProblem(desk);
      if (problem) return nothing(problem);
      const unproved = await unprovedFirst(proof, by);
      if (unproved !== null) return { ...nothing(unproved), ...needsProof(unproved) };
      if ((await codes.state()) === 'confirmed') {
        const answer = code === null ? 'wrong' : await codes.prove(code, actorName(by));
        if (answer !== 'accepted') return nothing(`To replace the codes, type one of the present ones. ${ANSWERS[answer]}`);
      }
      const uri = uriOf(await codes.draw(), desk.view().account.number);
      step('codeSetUp', 'a new secret was drawn; it counts once a code of it was typed', by);
      return { ...done('Scan the picture, then type a code to confirm.'), uri, qrSvg: renderSVG(uri, { border: 2 }) };
    },
    'live.confirmCode': async ({ code, proof }, by) => {
      const unproved = await unprovedFirst(proof, by);
      if (unproved !== null) return needsProof(unproved);
      const answer = await codes.prove(code, actorName(by));
      if (answer !== 'accepted') return refused(ANSWERS[answer]);
      step('codeConfirmed', 'a code of the authenticator was right', by);
      return done('The authenticator is confirmed.');
    },
    'live.arm': async ({ commandId, account, code, ceilingDollars }, by) => {
      if (parts.mode !== 'live') return refused('There is nothing to arm: this desk trades on paper.');
      if (account !== desk.view().account.number) return notArmed('The account number is not the one of this account.', by);
      const evidence = criteria();
      const missing = evidence.filter(({ passed }) => !passed);
      if (missing.length > 0) return notArmed('The evidence for live trading is not complete:', by, missing);
      if ((await codes.state()) !== 'confirmed') return notArmed('One-time codes are not confirmed.', by);
      const answer = await codes.prove(code, actorName(by));
      if (answer !== 'accepted') return notArmed(ANSWERS[answer], by);
      return issue(commandId, { kind: 'armLive', account, ceilingDollars, evidence }, by);
    },
    'live.disarm': ({ commandId, reason }, by) => issue(commandId, { kind: 'disarmLive', reason }, by),
  };

  return {
    acts,
    async view() {
      const { live } = parts.settings.current();
      const arming = desk.view().arming;
      const locked = codeLock.lockedUntil();
      return {
        isLive: parts.mode === 'live',
        account: desk.view().account.number,
        criteria: criteria(),
        code: await codes.state().catch(() => 'none' as const),
        codeProblem: storeProblem(desk),
        lockedUntil: locked === null ? null : instant(locked),
        arming:
          arming && arming.until > parts.clock.now()
            ? { until: arming.until, ceilingDollars: arming.ceilingDollars, by: arming.by, at: arming.at }
            : null,
        armedHours: live.armedHours,
      };
    },
  };
}

function storeProblem({ parts: { secrets } }: Desk): string {
  if (secrets.backend === 'keychain' || secrets.backend === 'sealedFile') return '';
  return `One-time codes are kept in the keychain or a sealed file only; here there is neither (${secrets.detail}).`;
}

function done(message: string): ActOutcome {
  return { kind: 'done', message, ids: [], reasons: [] };
}

function refused(message: string): ActOutcome {
  return { kind: 'refused', message, ids: [], reasons: [] };
}
