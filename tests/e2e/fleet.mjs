// The five programs as separate processes, as they run on Kubernetes: a data directory, a store and a service key each, and one
// directory with the public keys of all. Their data is the demonstration trust's.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { binary, demonstration, environment, freePorts, portal, root, until } from './harness.mjs';

export const SERVICES = ['leadership', 'assessment', 'cpd', 'welfare'];
// Who asks or follows whom.
const PEERS = { leadership: ['assessment', 'cpd', 'welfare'], assessment: ['leadership'], cpd: ['leadership'], welfare: ['leadership'], gateway: SERVICES };

const program = (name) => path.join(path.dirname(binary), `fivestrand-${name}`);

export class Fleet {
  #running = new Map();
  #arguments = new Map();
  log = '';

  async start() {
    this.folder = await demonstration();
    const names = [...SERVICES, 'gateway'];
    const ports = await freePorts(names.length * 2);
    const port = Object.fromEntries(names.map((name, index) => [name, ports[index]]));
    this.admin = Object.fromEntries(names.map((name, index) => [name, `http://127.0.0.1:${ports[names.length + index]}`]));
    this.url = `http://127.0.0.1:${port.gateway}`;

    const keys = path.join(this.folder, 'service-keys');
    fs.mkdirSync(keys);
    for (const name of SERVICES) {
      const printed = execFileSync(program(name), ['keys', 'public', `--data-dir=${path.join(this.folder, name)}`], { env: environment });
      fs.writeFileSync(path.join(keys, `${name}.json`), printed);
    }
    for (const name of names) {
      const listen = name === 'gateway' ? '--http-listen' : '--grpc-listen';
      this.#arguments.set(name, [
        'serve',
        `--data-dir=${path.join(this.folder, name)}`,
        `--admin-listen=${this.admin[name].slice('http://'.length)}`,
        `${listen}=127.0.0.1:${port[name]}`,
        '--drain-delay=0s',
        ...PEERS[name].map((peer) => `--${peer}-target=127.0.0.1:${port[peer]}`),
        ...(name === 'gateway' ? ['--demo', `--portal-dir=${portal}`] : [`--jwks-url=${this.url}/.well-known/jwks.json`, `--service-jwks-dir=${keys}`]),
      ]);
    }
    await Promise.all(names.map((name) => this.run(name)));
    return this;
  }

  /** Starts one program, again too, and waits until it is ready. */
  async run(name) {
    const child = spawn(program(name), this.#arguments.get(name), { stdio: ['ignore', 'pipe', 'pipe'], cwd: root, env: environment });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.log += `${name}: ${data}`));
    this.#running.set(name, child);
    await until(`${name} is ready`, async () => {
      if (child.exitCode !== null || child.signalCode) throw new Error(`it ended:\n${this.log.slice(-2000)}`);
      return (await fetch(`${this.admin[name]}/readyz`, { signal: AbortSignal.timeout(1000) })).ok;
    }, { seconds: 60 });
  }

  /** Ends one program: SIGKILL is the power cut. */
  async end(name, signal = 'SIGKILL') {
    const child = this.#running.get(name);
    this.#running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async remove() {
    await Promise.all([...this.#running.keys()].map((name) => this.end(name)));
    if (this.folder) fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
