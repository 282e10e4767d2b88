import { defineConfig } from 'vite';
import { inlined } from './inlined.mjs';

// The hosted page: one HTML file with everything in it, for it may fetch nothing (see core/portal/page.ts).
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [inlined()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 1_000_000,
    reportCompressedSize: false,
    rolldownOptions: { input: 'connect.html' },
  },
});
