// Starts the real suite on free ports with a store of its own, and a browser, for the tests of this folder.
//
//   const suite = await startSuite();            // demonstration trust, empty folder
//   after(() => suite.remove());
//   const page = await suite.open({ phone: true });
//   await page.goto(suite.url);
//   await assertAccessible(page);
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.FIVESTRAND_BIN ?? path.join(root, 'build/release/bin/fivestrand');
export const portal = process.env.FIVESTRAND_PORTAL ?? path.join(root, 'gateway/portal/dist');

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
export const WIDE = { viewport: { width: 1440, height: 900 } };

/** Asks again until `probe` gives something true; the limit is there to fail, not to wait. */
export async function until(what, probe, { seconds = 30, every = 25 } = {}) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s${last ? ` (${last.message})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** Ports that were free a moment ago. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

// The suite takes FIVESTRAND_... for its own configuration and refuses what it does not know, such as the settings of these tests.
export const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FIVESTRAND_')));

/** The one place of these tests that knows how the suite is started. */
function suiteArguments({ ports, folder, demo, drainDelay = '0s', extra }) {
  const [http, grpc, admin] = ports;
  return [
    'serve',
    ...(demo ? ['--demo'] : []),
    `--data-dir=${folder}`,
    `--portal-dir=${portal}`,
    `--http-listen=127.0.0.1:${http}`,
    `--leadership-grpc-listen=127.0.0.1:${grpc}`,
    '--reflection',
    `--admin-listen=127.0.0.1:${admin}`,
    `--drain-delay=${drainDelay}`,
    ...extra,
  ];
}

export class Suite {
  #options;
  #browser;
  #process;
  #log = '';

  constructor(options, ports, folder) {
    this.#options = { ...options, ports, folder };
    this.folder = folder;
    this.url = `http://127.0.0.1:${ports[0]}`;
    this.grpc = `127.0.0.1:${ports[1]}`;
    this.admin = `http://127.0.0.1:${ports[2]}`;
  }

  get pid() {
    return this.#process.pid;
  }

  /** What it has logged so far, of all its starts. */
  get log() {
    return this.#log;
  }

  async start() {
    const started = performance.now();
    this.#process = spawn(binary, suiteArguments(this.#options), { stdio: ['ignore', 'pipe', 'pipe'], cwd: root, env: environment });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', (data) => (this.#log += data));
    const ready = until(`suite at ${this.url}`, async () => {
      if (this.#process.exitCode !== null || this.#process.signalCode) return true;
      return (await fetch(`${this.admin}/readyz`, { signal: AbortSignal.timeout(1000) })).ok;
    }, { seconds: this.#options.seconds ?? 120 });
    await ready.catch((error) => {
      this.#process.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.#log.slice(-4000)}`);
    });
    assert.equal(this.#process.exitCode ?? this.#process.signalCode, null, `the suite ended at its start:\n${this.#log.slice(-4000)}`);
    this.secondsToReady = (performance.now() - started) / 1000;
    return this;
  }

  /** Ends the process and waits for it. SIGTERM drains; SIGKILL is the power cut. Returns the exit code. */
  async stop(signal = 'SIGTERM') {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode) return this.#process?.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    const [code] = await ended;
    return code;
  }

  /** Runs a command of the binary on this suite's data, for example `run('audit', 'verify')`. */
  async run(...words) {
    const child = spawn(binary, [...words, `--data-dir=${this.folder}`], { stdio: ['ignore', 'pipe', 'pipe'], cwd: root, env: environment });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const [code] = await once(child, 'exit');
    return { code, output };
  }

  /** The value of one sample of /metrics, labels in the order in which they are printed; undefined when it is not there. */
  async metric(sample) {
    const text = await (await fetch(`${this.admin}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
    return line === undefined ? undefined : Number(line.slice(sample.length + 1));
  }

  /** A page in a browser context of its own: no cookies, nothing stored. */
  async open({ phone = false, ...context } = {}) {
    // The promise is kept, so that two that open at once share one browser.
    this.#browser ??= chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Chromium's sandbox refuses to run as root; shared memory is small in containers.
      args: ['--disable-dev-shm-usage', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
    });
    const browser = await this.#browser;
    const page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', ...(phone ? PHONE : WIDE), ...context })).newPage();
    page.problems = [];
    page.on('pageerror', (error) => page.problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
    return page;
  }

  /** Ends everything and removes the data. */
  async remove() {
    await (await this.#browser)?.close();
    await this.stop('SIGTERM');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A suite that is ready, with the demonstration trust loaded if `demo`. `extra`: more flags. `folder`: data of an earlier one. */
export async function startSuite({ demo = true, extra = [], folder, ...options } = {}) {
  return startIn(folder ?? (demo ? await demonstration() : newFolder()), { demo, extra, ...options });
}

export const newFolder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'fivestrand-e2e-'));
const startIn = async (folder, options) => new Suite({ extra: [], ...options }, await freePorts(3), folder).start();

/** A new folder with the demonstration trust in it. It is loaded once a day and binary, then copied: loading takes many seconds. */
export async function demonstration() {
  const { mtimeMs, size } = fs.statSync(binary);
  const kept = path.join(root, '.cache/e2e', `demo-${new Date().toISOString().slice(0, 10)}-${Math.round(mtimeMs)}-${size}`);
  if (!fs.existsSync(kept)) {
    fs.rmSync(path.dirname(kept), { recursive: true, force: true });
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    const suite = await startIn(newFolder(), { demo: true });
    await until('the demonstration trust is loaded', () => suite.log.includes('demonstration trust loaded'), { seconds: 300 });
    await suite.stop();
    fs.cpSync(suite.folder, `${kept}.new`, { recursive: true });
    fs.renameSync(`${kept}.new`, kept);
    fs.rmSync(suite.folder, { recursive: true });
  }
  const folder = newFolder();
  fs.cpSync(kept, folder, { recursive: true });
  return folder;
}

/** Fails on what axe finds against WCAG 2.2 AA on the page as it stands. */
export async function assertAccessible(page, where = page.url()) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.target.join(' ')).slice(0, 5).join('\n    ')}`);
  assert.equal(found.length, 0, `${where}\n  ${found.join('\n  ')}`);
}
