import type { ComponentType } from 'react';
import { AnalyzePanel } from '../panels/analyze/AnalyzePanel.tsx';
import { ChainPanel } from '../panels/chain/ChainPanel.tsx';
import { DecisionsPanel } from '../panels/decisions/DecisionsPanel.tsx';
import { JournalPanel } from '../panels/journal/JournalPanel.tsx';
import { OrdersPanel } from '../panels/orders/OrdersPanel.tsx';
import { PositionsPanel } from '../panels/positions/PositionsPanel.tsx';
import { RiskPanel } from '../panels/risk/RiskPanel.tsx';
import { SafetyPanel } from '../panels/safety/SafetyPanel.tsx';
import { SettingsPanel } from '../panels/settings/SettingsPanel.tsx';
import { StrategiesPanel } from '../panels/strategies/StrategiesPanel.tsx';
import { VolatilityPanel } from '../panels/volatility/VolatilityPanel.tsx';
import type { PanelName } from '../stores/workspace.ts';

export interface PanelEntry {
  readonly name: PanelName;
  readonly title: string;
  /** The digit that opens it together with Ctrl. */
  readonly key: string;
  /** One line for the palette and the tooltip. */
  readonly about: string;
  readonly Panel: ComponentType;
}

/** The panels of the desk in the order of their tabs. A new panel is one more entry. */
export const panels: readonly PanelEntry[] = [
  { name: 'chain', key: '1', title: 'Chain', about: 'Option chains, order ticket, why not', Panel: ChainPanel },
  {
    name: 'volatility',
    key: '9',
    title: 'Volatility',
    about: 'Smile, fitted surface, term structure, cone, mispricings',
    Panel: VolatilityPanel,
  },
  {
    name: 'analyze',
    key: '0',
    title: 'Analyze',
    about: 'Payoff and greeks under other prices, volatilities and days',
    Panel: AnalyzePanel,
  },
  {
    name: 'positions',
    key: '2',
    title: 'Positions',
    about: 'Structures held, exit rules, close and roll',
    Panel: PositionsPanel,
  },
  { name: 'orders', key: '3', title: 'Orders', about: 'Working and recent orders with their price ladder', Panel: OrdersPanel },
  { name: 'decisions', key: '4', title: 'Decisions', about: 'Every proposal, its gates and its verdict', Panel: DecisionsPanel },
  { name: 'strategies', key: '5', title: 'Strategies', about: 'Switches, parameters and performance', Panel: StrategiesPanel },
  { name: 'journal', key: '6', title: 'Journal', about: 'Closed trades, their story, equity, export', Panel: JournalPanel },
  { name: 'risk', key: '7', title: 'Risk', about: 'Every limit: used and left', Panel: RiskPanel },
  {
    name: 'safety',
    key: '-',
    title: 'Safety',
    about: 'Every control, what it last did, and what proves it',
    Panel: SafetyPanel,
  },
  { name: 'settings', key: '8', title: 'Settings', about: 'All settings, broker keys, data folder', Panel: SettingsPanel },
];
