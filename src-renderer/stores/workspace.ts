import { create } from 'zustand';

export type PanelName =
  | 'chain'
  | 'volatility'
  | 'analyze'
  | 'positions'
  | 'orders'
  | 'decisions'
  | 'strategies'
  | 'journal'
  | 'risk'
  | 'safety'
  | 'settings';
export type Theme = 'dark' | 'light';

/** What the window itself remembers between two starts: the open panel and the theme. */
interface Workspace {
  readonly panel: PanelName;
  readonly theme: Theme;
  /** Dotted path of a setting that another panel asked to see. */
  readonly settingInView: string | null;
  /** Decision that another panel asked to see. */
  readonly decisionInView: string | null;
  readonly overlay: 'none' | 'palette' | 'keys' | 'notifications' | 'killSwitch';
}

const MEMORY_KEY = 'strikedesk.workspace';

function remembered(): Partial<Workspace> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(MEMORY_KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return 'theme' in stored && (stored.theme === 'dark' || stored.theme === 'light') ? { theme: stored.theme } : {};
  } catch {
    return {};
  }
}

export const useWorkspace = create<Workspace>(() => ({
  panel: 'chain',
  theme: 'dark',
  settingInView: null,
  decisionInView: null,
  overlay: 'none',
  ...remembered(),
}));

export const showPanel = (panel: PanelName) => useWorkspace.setState({ panel, overlay: 'none' });
export const showSetting = (settingInView: string) =>
  useWorkspace.setState({ panel: 'settings', settingInView, overlay: 'none' });
export const showDecision = (decisionInView: string) => useWorkspace.setState({ panel: 'decisions', decisionInView });
export const showOverlay = (overlay: Workspace['overlay']) => useWorkspace.setState({ overlay });

export function toggleTheme(): void {
  const theme = useWorkspace.getState().theme === 'dark' ? 'light' : 'dark';
  useWorkspace.setState({ theme });
  try {
    localStorage.setItem(MEMORY_KEY, JSON.stringify({ theme }));
  } catch {
    // A window without storage keeps its theme until it closes.
  }
}
