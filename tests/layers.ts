/** Which layer a file belongs to and which layers it may import: the table of ARCHITECTURE.md as data. */
export const LAYERS: Readonly<
  Record<string, { readonly folder: string; readonly alias: string | null; readonly mayImport: readonly string[] }>
> = {
  domain: { folder: 'src-shared/domain', alias: '#domain/', mayImport: [] },
  contract: { folder: 'src-shared/contract', alias: '#contract/', mayImport: ['domain'] },
  wire: { folder: 'src-shared/wire', alias: '#wire/', mayImport: ['contract', 'domain'] },
  ports: { folder: 'src-main/ports', alias: '#ports/', mayImport: ['domain'] },
  engine: { folder: 'src-main/engine', alias: '#engine/', mayImport: ['ports', 'domain'] },
  strategies: { folder: 'src-main/strategies', alias: '#strategies/', mayImport: ['ports', 'domain'] },
  exchange: { folder: 'src-main/exchange', alias: '#exchange/', mayImport: ['ports', 'domain'] },
  adapters: { folder: 'src-main/adapters', alias: '#adapters/', mayImport: ['ports', 'domain', 'exchange'] },
  modes: { folder: 'src-main/modes', alias: '#modes/', mayImport: ['engine', 'ports', 'domain'] },
  research: { folder: 'src-main/research', alias: '#research/', mayImport: ['modes', 'engine', 'ports', 'domain'] },
  learning: { folder: 'src-main/learning', alias: '#learning/', mayImport: ['modes', 'engine', 'ports', 'domain'] },
  // A process of its own: it must work when nothing of the engine does.
  watchdog: { folder: 'src-main/watchdog', alias: '#watchdog/', mayImport: ['adapters', 'ports', 'domain'] },
  host: {
    folder: 'src-main/host',
    alias: '#host/',
    mayImport: ['modes', 'research', 'learning', 'engine', 'ports', 'contract', 'wire', 'domain'],
  },
  shell: {
    folder: 'src-main/shell',
    alias: '#shell/',
    mayImport: ['host', 'modes', 'engine', 'ports', 'contract', 'wire', 'domain'],
  },
  app: {
    folder: 'src-main/app',
    alias: '#app/',
    mayImport: [
      'host',
      'shell',
      'watchdog',
      'modes',
      'research',
      'learning',
      'engine',
      'strategies',
      'exchange',
      'adapters',
      'ports',
      'contract',
      'wire',
      'domain',
    ],
  },
  renderer: { folder: 'src-renderer', alias: null, mayImport: ['wire', 'contract', 'domain'] },
};

/** Layers that nothing lives in yet; a layer not listed here must not be empty. */
export const FUTURE_LAYERS: readonly string[] = ['learning'];

/** Layers in which time, timers and randomness come only from outside. */
export const PURE_LAYERS: readonly string[] = ['domain', 'ports', 'engine', 'strategies'];

/** Packages that a layer may import besides the layers above. */
export const PURE_PACKAGES: readonly string[] = ['zod'];
