// Prints what a first visit downloads, and fails when it grows past its budget. Sizes are gzip, as they travel.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = { 'first script': 230, 'first style': 30, 'all scripts': 600 };

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const index = readFileSync(join(dist, 'index.html'), 'utf8');
const size = (path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length / 1024;
const assets = readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`);
const sum = (paths) => paths.reduce((total, path) => total + size(path), 0);
const first = assets.filter((path) => index.includes(path));

const measured = {
  'first script': sum(first.filter((path) => path.endsWith('.js'))),
  'first style': sum(first.filter((path) => path.endsWith('.css'))),
  'all scripts': sum(assets.filter((path) => path.endsWith('.js'))),
};
let failed = false;
for (const [name, kilobytes] of Object.entries(measured)) {
  const over = kilobytes > BUDGET_KB[name];
  failed ||= over;
  console.log(`${name.padEnd(13)} ${kilobytes.toFixed(0).padStart(4)} kB gzip of ${BUDGET_KB[name]}${over ? '  OVER BUDGET' : ''}`);
}
process.exitCode = failed ? 1 : 0;
