import { z } from 'zod';

/** The kinds of figure that a setting can be, each with its unit; limits first, then the value that holds when nothing is said. */
export const fraction = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'fraction', description });
export const dollars = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'dollars', description });
export const seconds = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'seconds', description });
export const minutes = (min: number, max: number, initial: number, description: string) =>
  z.number().min(min).max(max).default(initial).meta({ unit: 'minutes', description });
export const count = (min: number, max: number, initial: number, description: string, unit = 'count') =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });
export const days = (min: number, max: number, initial: number, description: string) =>
  count(min, max, initial, description, 'days');
export const flag = (initial: boolean, description: string) => z.boolean().default(initial).meta({ unit: 'on/off', description });
