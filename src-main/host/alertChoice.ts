import type { NotificationView } from '#contract/desk';

export interface AlertChoice {
  readonly fills: boolean;
  readonly exits: boolean;
  readonly breaches: boolean;
  readonly connections: boolean;
  readonly days: boolean;
}

/** True when the owner wants to be told of it outside the window. What is urgent is always told. */
export function isWanted({ kind, urgent }: Pick<NotificationView, 'kind' | 'urgent'>, choice: AlertChoice): boolean {
  if (urgent) return true;
  switch (kind) {
    case 'fill':
      return choice.fills;
    case 'exit':
    case 'assignment':
      return choice.exits;
    case 'breach':
    case 'error':
    case 'killSwitch':
    case 'approval':
      return choice.breaches;
    case 'connection':
      return choice.connections;
    case 'day':
      return choice.days;
  }
}
