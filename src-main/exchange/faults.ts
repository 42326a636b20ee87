import { z } from 'zod';
import type { Instant } from '#domain/units';
import { hashText, mix32, unit } from './hashing.ts';

/** Faults of the exchange and broker themselves; the matching engine, the clearing and the update stream ask for them. */
export const EXCHANGE_FAULTS = [
  'fillRacesCancel', // a fill wins against a cancel that was already confirmed as requested
  'accountLocked', // trading blocked while active
  'manualTradeElsewhere', // an order of the owner's in another window
  'earlyAssignment', // a short option is assigned for no good reason
  'rejectAfterAccept', // accepted, then rejected by the exchange
  'staleQuotes', // quotes stop moving
  'crossedQuotes', // bid above ask
  'missingQuotes', // no bid and no ask
  'missingGreeks', // contracts come without implied volatility and greeks
  'halt', // trading in an underlying stands still, five minutes at a time
  'oneLegLiquidation', // the broker's risk desk closes one leg of a spread
  'buyingPowerShock', // the house asks a multiple of the usual requirement while active
  'delayUpdate',
  'dropUpdate',
  'duplicateUpdate',
  'reorderUpdate',
  'lateActivity', // an activity is published late, after younger ones
  'cancelledActivity', // one that moved nothing is told as cancelled before the one that stands
] as const;

/** Faults of the wire; the protocol server asks for them. */
export const WIRE_FAULTS = [
  'rateLimited', // HTTP 429 with its headers
  'serverError', // HTTP 5xx
  'timeoutBeforeAccept',
  'timeoutAfterAccept',
  'connectionReset',
  'malformedBody',
  'disconnectStream', // subjects 'trading', 'options', 'stocks'
  'silentStream', // connected and acknowledged, but nothing arrives; the same subjects
] as const;

export const FAULT_KINDS = [...EXCHANGE_FAULTS, ...WIRE_FAULTS] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One switch of the script. Without limits it is active all the time; `probability` is per occasion and seeded. */
export const faultRule = z.object({
  kind: z.enum(FAULT_KINDS).meta({ description: 'What goes wrong' }),
  probability: z.number().min(0).max(1).default(1).meta({ unit: 'fraction', description: 'Chance per occasion' }),
  from: z.number().int().optional().meta({ unit: 'epoch ms', description: 'Not before' }),
  until: z.number().int().optional().meta({ unit: 'epoch ms', description: 'Not at or after' }),
  times: z.number().int().min(1).optional().meta({ unit: 'count', description: 'At most so many times' }),
  /** A symbol, an underlying or a request path; matches by prefix. */
  subject: z.string().optional().meta({ description: 'Only for subjects that start with this text' }),
  delayMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(5_000)
    .meta({ unit: 'milliseconds', description: 'For delays and time-outs' }),
});

export const faultScript = z.array(faultRule);
export type FaultRule = z.output<typeof faultRule>;
export type FaultScript = readonly z.input<typeof faultRule>[];

/** A fault that took place. */
export interface FaultHit {
  readonly kind: FaultKind;
  readonly subject: string;
  readonly at: Instant;
}

/**
 * Decides, from the seed and the script alone, whether a fault strikes an occasion. `subject` names what it would strike,
 * `occasion` tells this occasion from the others of the same subject (an order id with a tick, a counter): the same pair
 * always gets the same answer, whoever asks first.
 */
export class FaultDesk {
  private readonly seed: number;
  private rules: FaultRule[];
  private readonly used = new Map<FaultRule, number>();
  private readonly struck: FaultHit[] = [];

  constructor(seed: number, script: FaultScript = []) {
    this.seed = mix32(seed, hashText('faults'));
    this.rules = faultScript.parse(script);
  }

  /** Replaces the script from now on. */
  use(script: FaultScript): void {
    this.rules = faultScript.parse(script);
    this.used.clear();
    this.onUse(this.rules);
  }

  /** Told of every change of the script after the start. */
  onUse: (rules: FaultRule[]) => void = () => {};

  /** True when any rule of this kind exists: lets hot loops skip the question. */
  has(kind: FaultKind): boolean {
    return this.rules.some((rule) => rule.kind === kind);
  }

  /** True when a rule of this kind is in force at this instant for the underlying or some contract of it. */
  mayStrike(kind: FaultKind, underlying: string, at: Instant): boolean {
    return this.rules.some(
      (rule) =>
        rule.kind === kind &&
        isActive(rule, at) &&
        (underlying.startsWith(rule.subject ?? '') || (rule.subject ?? '').startsWith(underlying)),
    );
  }

  /** The rule that strikes here, recorded as a hit; null when none does. */
  strike(kind: FaultKind, subject: string, occasion: string | number, at: Instant): FaultRule | null {
    const rule = this.matching(kind, subject, occasion, at);
    if (!rule) return null;
    this.used.set(rule, (this.used.get(rule) ?? 0) + 1);
    this.struck.push({ kind, subject, at });
    return rule;
  }

  /** Like {@link strike} without recording or counting: for states that last, such as stale quotes. */
  matching(kind: FaultKind, subject: string, occasion: string | number, at: Instant): FaultRule | null {
    for (const [index, rule] of this.rules.entries()) {
      if (rule.kind !== kind || !subject.startsWith(rule.subject ?? '')) continue;
      if (!isActive(rule, at)) continue;
      if ((this.used.get(rule) ?? 0) >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      const draw = unit(mix32(mix32(this.seed, hashText(`${kind}|${index}|${subject}`)), hashText(String(occasion))));
      if (draw < rule.probability) return rule;
    }
    return null;
  }

  /**
   * A state that lasts: the rule that is active for the subject now, whatever its probability. Recorded as one hit a rule, when it
   * is first met.
   */
  lasting(kind: FaultKind, subject: string, at: Instant): FaultRule | null {
    const rule = this.rules.find((each) => each.kind === kind && subject.startsWith(each.subject ?? '') && isActive(each, at));
    if (!rule) return null;
    if (!this.used.has(rule)) {
      this.used.set(rule, 1);
      this.struck.push({ kind, subject, at });
    }
    return rule;
  }

  /** What has struck so far, in order. */
  hits(): readonly FaultHit[] {
    return this.struck;
  }
}

function isActive({ from, until }: FaultRule, at: Instant): boolean {
  return at >= (from ?? Number.NEGATIVE_INFINITY) && at < (until ?? Number.POSITIVE_INFINITY);
}
