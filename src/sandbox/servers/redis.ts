import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { superviseProcess } from './supervised-process.js';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Where it came from, for a line at the terminal. */
  readonly origin: string;
  /** Resolves once it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  lastLines(): string;
  stop(): Promise<void>;
}

interface RedisProgram {
  command: string;
  origin: string;
  libraries?: string;
}

/**
 * Starts a Redis that is ours alone. Looked for on PATH, then in `installDir`; where it is in neither, Debian's
 * package is unpacked into `installDir` (no root needed, nothing of the system changed).
 */
export async function startRedis(options: {
  installDir: string;
  say?: (line: string) => void;
  port?: number;
}): Promise<RedisServer> {
  const program = findOnPath() ?? findInstalled(options.installDir) ?? install(options.installDir, options.say);
  const port = options.port ?? (await freePort());
  const server = superviseProcess({
    command: program.command,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      ...['--dir', '/tmp', '--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
    ],
    stopSignal: 'TERM',
    env: { ...process.env, ...(program.libraries ? { LD_LIBRARY_PATH: program.libraries } : {}) },
  });
  let over = false;
  void server.ended.then(() => (over = true));
  for (let waited = 0; waited < 15_000 && !over; waited += 20) {
    if (await answersPing(port)) {
      return {
        url: `redis://127.0.0.1:${port}`,
        port,
        origin: program.origin,
        ended: server.ended,
        lastLines: () => server.lastLines(),
        stop: () => server.stop(),
      };
    }
    await delay(20);
  }
  await server.stop();
  throw new Error(`Redis did not start. Its last words:\n${server.lastLines()}`);
}

function findOnPath(): RedisProgram | undefined {
  for (const command of ['redis-server', 'valkey-server']) {
    if (spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0)
      return { command, origin: `${command} of this system` };
  }
  return undefined;
}

function findInstalled(dir: string): RedisProgram | undefined {
  // Debian's redis-server is a link to this binary of redis-tools.
  const command = join(dir, 'usr', 'bin', 'redis-check-rdb');
  const library = join(dir, 'usr', 'lib');
  if (!existsSync(command) || !existsSync(join(dir, 'usr', 'bin', 'redis-server')) || !existsSync(library)) return;
  const libraries = readdirSync(library)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(library, name))
    .join(':');
  return { command: join(dir, 'usr', 'bin', 'redis-server'), libraries, origin: 'unpacked into the sandbox folder' };
}

const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
/** What a slim image may lack, by the library that the loader misses. */
const LIBRARY_PACKAGES: Record<string, string> = {
  'libssl.so.3': 'libssl3',
  'libcrypto.so.3': 'libssl3',
  'libsystemd.so.0': 'libsystemd0',
  'libgcrypt.so.20': 'libgcrypt20',
  'liblzma.so.5': 'liblzma5',
  'libzstd.so.1': 'libzstd1',
  'liblz4.so.1': 'liblz4-1',
  'libcap.so.2': 'libcap2',
  'libgpg-error.so.0': 'libgpg-error0',
  'libstdc++.so.6': 'libstdc++6',
};

function install(dir: string, say: (line: string) => void = () => undefined): RedisProgram {
  const how =
    process.platform === 'darwin' ? 'brew install redis' : 'apt-get install redis-server (or your system’s package)';
  const give = (why: string): never => {
    throw new Error(`Command Center needs Redis and ${why}. Install it with: ${how}. Then start again.`);
  };
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) {
    return give('found none on PATH');
  }
  say('Redis: not on PATH, unpacking the system’s package into the sandbox folder …');
  const state = join(dir, 'apt');
  for (const folder of ['lists/partial', 'state', 'cache/archives/partial', 'debs']) {
    mkdirSync(join(state, folder), { recursive: true });
  }
  // A private package state: works without root and with empty package lists.
  const apt = [
    ...['-o', `Dir::State=${state}/state`, '-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`],
    ...['-o', 'Dir::State::status=/var/lib/dpkg/status', '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User='],
  ];
  const debs = join(state, 'debs');
  const run = (command: string, args: string[], cwd = debs) => spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (run('apt-get', [...apt, '-qq', 'update']).status !== 0) return give('the package lists could not be read');
  const fetchAndUnpack = (names: string[]) => {
    const got = run('apt-get', [...apt, '-qq', 'download', ...names]);
    if (got.status !== 0) return give(`its package could not be fetched (${got.stderr.trim().split('\n')[0]})`);
    for (const deb of readdirSync(debs)) run('dpkg', ['-x', join(debs, deb), dir]);
  };
  fetchAndUnpack(PACKAGES);
  const program = findInstalled(dir);
  if (!program) return give('the fetched package holds no server');
  const ldd = spawnSync('ldd', [program.command], {
    encoding: 'utf8',
    env: { ...process.env, LD_LIBRARY_PATH: program.libraries },
  });
  const missing = [...(ldd.stdout ?? '').matchAll(/(\S+) => not found/g)].map(([, name]) => name ?? '');
  const more = [...new Set(missing.flatMap((name) => LIBRARY_PACKAGES[name] ?? []))];
  if (more.length > 0) fetchAndUnpack(more);
  say('Redis: ready');
  return program;
}

async function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => done(false));
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
    socket.once('error', () => done(false));
  });
}
