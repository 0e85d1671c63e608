import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

// Ends the program when we end, however we end: then its standard input closes.
const WITH_PARENT = 'data:text/javascript,process.stdin.once("close",()=>process.kill(process.pid,"SIGKILL")).resume()';
const LINES_KEPT = 200;

/** One of our compiled programs as a process of its own, which a test may kill. */
export class Program {
  private readonly lines: string[] = [];
  private readonly listeners = new Set<(line: string) => void>();
  private readonly exit: Promise<unknown>;
  private over = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    this.exit = once(child, 'exit').then(() => {
      this.over = true;
      for (const listener of this.listeners) listener('');
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.heard(line));
    }
    child.stdin?.on('error', () => undefined);
  }

  static start(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(process.execPath, ['--import', WITH_PARENT, file, ...args], {
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new Program(child, file);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isOver(): boolean {
    return this.over;
  }

  get lastLines(): string {
    return this.lines.join('\n');
  }

  /** The first line that contains `text`; rejects when the program ends before. */
  told(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (line: string): void => {
        if (line.includes(text)) resolve(line);
        else if (this.over) reject(new Error(`${this.name} ended without "${text}":\n${this.lastLines}`));
        else return;
        this.listeners.delete(look);
      };
      const found = this.lines.find((line) => line.includes(text));
      this.listeners.add(look);
      look(found ?? '');
    });
  }

  /** SIGKILL: nothing is finished, nothing given back. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  /** SIGTERM, as whoever runs it would end it. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exit;
  }

  /** Megabytes of memory that it holds now; 0 where the system does not tell. */
  rssMiB(): number {
    try {
      return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }

  private heard(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LINES_KEPT) this.lines.shift();
    for (const listener of this.listeners) listener(line);
  }
}
