import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// `npm run build` writes to dist, which the api serves. For work on the page itself: `npx vite`, with an api on port 8080.
export default defineConfig({
  plugins: [preact()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
