import { once } from 'node:events';
import { Refused } from './http-json.js';
import { parseOptions } from './options.js';
import { runOnce } from './once/run-once.js';
import { runSandbox } from './sandbox.js';
import { StartRefused } from './start-refused.js';
import { Supervisor } from './supervisor.js';
import { Terminal } from './terminal.js';

/** Runs what the command line asks for, ends everything it started, and answers the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const terminal = Terminal.ofProcess();
  const supervisor = new Supervisor();
  const interrupt = onInterrupt();
  let code = 0;
  try {
    const options = parseOptions(args);
    if (!options) return 0;
    refuseProduction();
    const work = options.once
      ? runOnce(options, supervisor, terminal)
      : runSandbox(options, supervisor, terminal, interrupt).then(() => 0);
    // Work that is cut short fails on servers that are gone: nobody waits for it any more.
    work.catch(() => undefined);
    const interrupted = once(interrupt, 'abort').then(() => (options.once ? 130 : 0));
    code = await Promise.race([work, supervisor.crash, interrupted]);
  } catch (error) {
    if (!interrupt.aborted) {
      terminal.failure(sentenceOf(error));
      code = 1;
    }
  }
  if (interrupt.aborted) {
    terminal.line();
    terminal.passingLine('Ending …');
  }
  await supervisor.stopAll();
  if (interrupt.aborted) terminal.line('Everything that was started has ended.');
  return code;
}

/** Ctrl-C, or whoever ends us politely. Asked again, we are at it already. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

function refuseProduction(): void {
  if (process.env.NODE_ENV !== 'production') return;
  throw new StartRefused(
    'NODE_ENV=production starts no sandbox. Set DATABASE_URL, REDIS_URL, ENCRYPTION_KEYS and PUBLIC_URL to those of your ' +
      'installation; or unset NODE_ENV to try the sandbox.',
  );
}

function sentenceOf(error: unknown): string {
  if (error instanceof StartRefused || error instanceof Refused) return error.message;
  // Servers and clients explain themselves in their message; the stack helps whoever reports it.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
