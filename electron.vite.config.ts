import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { hashOfSources } from './src-main/app/buildHash.ts';

const here = (path: string): string => resolve(import.meta.dirname, path);

/** Three builds: the main process (desktop and headless entries), the preload, and the window. Dependencies stay packages. */
export default defineConfig({
  main: {
    // The bundle names the sources that it was made of, as a run from the sources does.
    define: { BUILD_HASH: JSON.stringify(hashOfSources(import.meta.dirname)) },
    build: {
      outDir: 'out/main',
      externalizeDeps: true,
      rollupOptions: {
        input: {
          desktop: here('src-main/app/desktop.ts'),
          headless: here('src-main/app/headless.ts'),
          // These run as threads: found beside the module that starts them.
          streamWorker: here('src-main/adapters/alpacaStreams/streamWorker.ts'),
          checkWorker: here('src-main/adapters/journal/checkWorker.ts'),
          watchdog: here('src-main/watchdog/watchdog.ts'),
        },
        // Chunks lie beside the entries, so that an address relative to a module is the same in source and build.
        output: { format: 'es', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file and may require nothing but electron.
      externalizeDeps: false,
      rollupOptions: {
        input: { window: here('src-main/shell/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('src-renderer'),
    plugins: [react()],
    build: {
      outDir: here('out/renderer'),
      emptyOutDir: true,
      // The content security policy allows no inline code and no data: scripts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: here('src-renderer/index.html') } },
    },
  },
});
