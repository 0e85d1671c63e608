import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isPortFree } from '../servers/free-port.js';
import type { SupervisedProcess } from '../servers/supervised-process.js';
import type { DataFolder } from './data-folder.js';
import { runProgram } from './programs.js';
import { StartRefused } from './start-refused.js';
import type { Supervisor } from './supervisor.js';

const READY_WITHIN_MS = 60_000;

/** The port that was asked for, the last one (bookmarks go on working), or a free one. */
export async function choosePort(asked: number | undefined, last: number | undefined): Promise<number> {
  if (asked !== undefined) {
    if (await isPortFree(asked)) return asked;
    throw new StartRefused(`Port ${asked} is taken. Choose another with --port N, or leave it out.`);
  }
  return last !== undefined && (await isPortFree(last)) ? last : freePort();
}

/** Starts the product as it would be started anywhere, and waits until it is ready. */
export async function startProduct(
  folder: DataFolder,
  env: Record<string, string>,
  apiUrl: string,
  supervisor: Supervisor,
): Promise<SupervisedProcess> {
  const logFile = folder.log('command-center');
  const child = runProgram({ program: 'main', env, logFile });
  supervisor.addProgram('Command Center', child, logFile);
  await Promise.race([untilReady(apiUrl, logFile), supervisor.crash]);
  return child;
}

async function untilReady(apiUrl: string, logFile: string): Promise<void> {
  for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline; await delay(50)) {
    const ready = await fetch(`${apiUrl}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
  }
  throw new StartRefused(`Command Center was not ready within ${READY_WITHIN_MS / 1000} s. Its log: ${logFile}`);
}

/** Runs a verb of the command line and answers what it printed. */
export async function runCli(folder: DataFolder, env: Record<string, string>, args: string[]): Promise<string> {
  const lines: string[] = [];
  const logFile = folder.log('cli');
  const child = runProgram({ program: 'cli', args, env, logFile, onLine: (line) => lines.push(line) });
  const code = await child.ended;
  await child.stop();
  if (code === 0) return lines.join('\n');
  throw new StartRefused(`The command "cli ${args.join(' ')}" failed:\n${child.lastLines()}`);
}
