import type { z } from 'zod';
import { chain } from './chain.ts';
import { decisions } from './decisions.ts';
import { desk } from './desk.ts';
import { journal } from './journal.ts';
import { live } from './live.ts';
import { opinion } from './opinion.ts';
import { orders } from './orders.ts';
import { phone } from './phone.ts';
import { positions } from './positions.ts';
import { protection } from './protection.ts';
import { risk } from './risk.ts';
import { safety } from './safety.ts';
import { settings } from './settings.ts';
import { strategies } from './strategies.ts';
import type { CommandDefinition, FeedDefinition, QueryDefinition } from './verbs.ts';
import { watchdog } from './watchdog.ts';

/** Every call and feed between engine and window, one subject a file. Inputs are parsed on arrival; outputs are typed. */
export const contract = {
  ...desk,
  ...chain,
  ...positions,
  ...orders,
  ...decisions,
  ...strategies,
  ...journal,
  ...risk,
  ...settings,
  ...protection,
  ...safety,
  ...watchdog,
  ...live,
  ...phone,
  ...opinion,
};

export type Contract = typeof contract;
export type CallName = keyof Contract;

type NamesOf<Verb extends string> = {
  [Name in CallName]: Contract[Name] extends { readonly verb: Verb } ? Name : never;
}[CallName];
export type QueryName = NamesOf<'query'>;
export type CommandName = NamesOf<'command'>;
export type FeedName = NamesOf<'feed'>;

/** What the caller passes (before parsing). */
export type InputOf<Name extends CallName> = z.input<Contract[Name]['input']>;
/** What the handler receives (after parsing). */
export type ParsedOf<Name extends CallName> = z.output<Contract[Name]['input']>;
export type OutputOf<Name extends QueryName | CommandName> = Contract[Name] extends
  | QueryDefinition<z.ZodType, infer Output>
  | CommandDefinition<z.ZodType, infer Output>
  ? Output
  : never;
export type ItemOf<Name extends FeedName> = Contract[Name] extends FeedDefinition<z.ZodType, infer Item> ? Item : never;
