import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface SupervisedOptions {
  command: string;
  args: string[];
  /** Sent when we stop it, or when this Node process ends in whatever way. */
  stopSignal: 'INT' | 'TERM';
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  onLine?: (line: string) => void;
}

export interface SupervisedProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code once it has ended. */
  readonly ended: Promise<number | null>;
  /** The last lines it wrote, for an error message. */
  lastLines(): string;
  stop(): Promise<void>;
}

// The shell waits on the pipe that is its stdin. The pipe closes when this Node process ends, even by SIGKILL,
// and the shell then ends the program: no orphan server, no stale lock file. `detached` keeps a terminal's
// Ctrl-C away from it, so that a draining application does not lose its database under its feet.
const wrapper = (signal: string) =>
  `exec 3<&0; "$@" </dev/null 3<&- & pid=$!; (cat <&3 >/dev/null; kill -${signal} $pid 2>/dev/null) & wait $pid`;

/** Starts a program that ends with this process, however this process ends. */
export function superviseProcess(options: SupervisedOptions): SupervisedProcess {
  const child = spawn('sh', ['-c', wrapper(options.stopSignal), 'sh', options.command, ...options.args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 40) lines.shift();
      options.onLine?.(line);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      lines.push(String(error));
      resolve(null);
    });
    child.once('exit', (code) => resolve(code));
  });
  // Writing to the pipe of a program that has just ended is not our failure.
  child.stdin.on('error', () => undefined);
  return {
    child,
    ended,
    lastLines: () => lines.join('\n'),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
