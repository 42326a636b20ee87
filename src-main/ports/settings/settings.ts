import { z } from 'zod';
import { executionSettings } from './executionSettings.ts';
import { failsafeSettings } from './failsafeSettings.ts';
import { count, fraction } from './fields.ts';
import { liveSettings } from './liveSettings.ts';
import { positionSettings } from './positionSettings.ts';
import { protectionSettings } from './protectionSettings.ts';
import { riskSettings } from './riskSettings.ts';
import { scannerSettings } from './scannerSettings.ts';
import { trustSettings } from './trustSettings.ts';

export const strategyBlock = z.object({
  mode: z
    .enum(['auto', 'approve', 'observe', 'off'])
    .default('auto')
    .meta({ unit: 'mode', description: 'auto trades; approve asks first; observe only journals; off does not look' }),
  profile: z
    .enum(['conservative', 'moderate', 'aggressive'])
    .default('moderate')
    .meta({ unit: 'profile', description: 'Risk profile that fills the parameters' }),
  maxPositions: count(0, 100, 6, 'Open positions of this strategy', 'positions'),
  maxRiskFraction: fraction(0.001, 1, 0.1, 'Total maximum loss of this strategy, as a share of equity'),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ unit: 'parameters', description: 'Overrides of the strategy’s own settings' }),
});

/** The settings that the engine itself reads. */
export const engineSettings = z.object({
  universe: z
    .array(z.string().regex(/^[A-Z.]{1,6}$/))
    .min(1)
    .max(500)
    .default([
      'SPY',
      'QQQ',
      'IWM',
      'DIA',
      'AAPL',
      'MSFT',
      'NVDA',
      'JPM',
      'BAC',
      'XOM',
      'CVX',
      'UNH',
      'JNJ',
      'PG',
      'KO',
      'HD',
      'AMZN',
      'CAT',
      'VXX',
    ])
    .meta({ unit: 'symbols', description: 'Underlyings that are scanned' }),
  scanner: scannerSettings.prefault({}),
  risk: riskSettings.prefault({}),
  execution: executionSettings.prefault({}),
  positions: positionSettings.prefault({}),
  failsafe: failsafeSettings.prefault({}),
  protection: protectionSettings.prefault({}),
  trust: trustSettings.prefault({}),
  live: liveSettings.prefault({}),
  strategies: z
    .record(z.string(), strategyBlock)
    .default({})
    .meta({ unit: 'by strategy', description: 'One block per strategy; a missing block means its defaults' }),
});

export type EngineSettings = z.output<typeof engineSettings>;
export type ScannerSettings = EngineSettings['scanner'];
export type RiskSettings = EngineSettings['risk'];
export type ExecutionSettings = EngineSettings['execution'];
export type PositionSettings = EngineSettings['positions'];
export type FailsafeSettings = EngineSettings['failsafe'];
export type StrategyBlock = z.output<typeof strategyBlock>;
