import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// Tells the service worker which files make up the shell, and gives each build its own cache.
function precacheList(): Plugin {
  let out = '';
  return {
    name: 'fivestrand-precache',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const files = listFiles(out, '')
        .filter((file) => file !== 'sw.js' && !file.endsWith('.map'))
        .sort();
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(readFileSync(join(out, file)));
      const worker = join(out, 'sw.js');
      const urls = files.map((file) => (file === 'index.html' ? '/' : `/${file}`));
      const text = readFileSync(worker, 'utf8')
        .replace('__VERSION__', hash.digest('hex').slice(0, 12))
        .replace(/["'`]__FILES__["'`]/, JSON.stringify(JSON.stringify(urls)));
      writeFileSync(worker, text);
    },
  };
}

function listFiles(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix)).flatMap((name) => {
    const path = prefix ? `${prefix}/${name}` : name;
    return statSync(join(folder, path)).isDirectory() ? listFiles(folder, path) : [path];
  });
}

export default defineConfig({
  plugins: [react(), precacheList()],
  build: {
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: { main: 'index.html', sw: 'src/offline/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/auth', '/fivestrand.', '/v1'].map((path) => [path, process.env.FIVESTRAND_URL ?? 'http://127.0.0.1:8080']),
    ),
  },
});
