import { extname, join } from 'node:path';
import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { scrub } from '../../platform/logging/scrub.js';
import { type SupervisedProcess, superviseProcess } from '../servers/supervised-process.js';

/** The programs of this code base that a start runs as processes of their own. */
export type Program = 'main' | 'cli' | 'sandbox/salesforce-org/main' | 'sandbox/mail-world/main';

// dist/ when built, src/ with a loader in development: children run as this process does.
const CODE = join(import.meta.dirname, '..', '..');
const PROJECT = join(CODE, '..');
const EXTENSION = extname(import.meta.filename);
const LOG_MAX_BYTES = 5_000_000;

export function pathOf(program: Program): string {
  return join(CODE, `${program}${EXTENSION}`);
}

/** Runs one of our programs; it ends with this process, however this process ends. */
export function runProgram(options: {
  program: Program;
  args?: string[];
  env: Record<string, string>;
  logFile: string;
  onLine?: (line: string) => void;
}): SupervisedProcess {
  const log = openLog(options.logFile);
  const child = superviseProcess({
    command: process.execPath,
    args: [...loaders(), pathOf(options.program), ...(options.args ?? [])],
    stopSignal: 'TERM',
    // Loaders are looked up from the working directory.
    cwd: PROJECT,
    env: environment(options.env),
    onLine: (line) => {
      // The command line prints a new key, once; whoever reads logs must not find it there.
      log.write(`${scrub(line)}\n`);
      options.onLine?.(line);
    },
  });
  void child.ended.then(() => log.end());
  return child;
}

/** The person's environment without what would reconfigure the product behind their back. */
function environment(given: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, LC_ALL, TZ, LOG_LEVEL, SystemRoot } = process.env;
  const kept = { PATH, HOME, TMPDIR, LANG, LC_ALL, TZ, LOG_LEVEL, SystemRoot };
  const present = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), NODE_ENV: 'development', ...given };
}

// A debugger's port belongs to this process alone.
const loaders = (): string[] => process.execArgv.filter((argument) => !argument.startsWith('--inspect'));

function openLog(file: string) {
  if (existsSync(file) && statSync(file).size > LOG_MAX_BYTES) renameSync(file, `${file}.old`);
  const log = createWriteStream(file, { flags: 'a', mode: 0o600 });
  log.on('error', () => undefined);
  return log;
}
