import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownProcess } from './processes.js';
import { StartRefused } from './start-refused.js';

/** What must not be seen by others, and not be lost. */
export interface Secrets {
  /** As ENCRYPTION_KEYS takes them. */
  encryptionKeys: string;
  team?: { id: string; adminKey: string };
  /** API key of each rep, by email. */
  repKeys: Record<string, string>;
}

/** What the next start wants to know of the last one. */
export interface State {
  apiPort?: number;
  orgPort?: number;
  mailboxPort?: number;
  /** Where the org was when it was connected. */
  connectedTo?: string;
  /** Making the team was begun: it may exist though its key was not kept. */
  teamAsked?: boolean;
  /** The first-time sync was asked for: whom it is on for is the team's own business from then on. */
  syncTurnedOn?: boolean;
  /** The first emails were begun: they are shown once, and what is half done is not done again. */
  emailsBegun?: boolean;
  processes: KnownProcess[];
}

/** The folder in which a sandbox keeps everything. */
export class DataFolder {
  constructor(
    readonly path: string,
    private readonly logs = join(path, 'logs'),
  ) {
    // Postgres runs as another account when this one is root, and must get through to its own folder.
    mkdirSync(path, { recursive: true, mode: 0o755 });
    mkdirSync(logs, { recursive: true });
  }

  /** Log file of a program. */
  log(name: string): string {
    return join(this.logs, `${name}.log`);
  }

  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  secrets(): Secrets {
    const kept = read<Secrets>(this.at('secrets.json'));
    if (kept) return kept;
    const made: Secrets = { encryptionKeys: `sandbox:${randomBytes(32).toString('base64')}`, repKeys: {} };
    this.keepSecrets(made);
    return made;
  }

  keepSecrets(secrets: Secrets): void {
    write(this.at('secrets.json'), secrets, 0o600);
  }

  state(): State {
    return read<State>(this.at('state.json')) ?? { processes: [] };
  }

  /** What an earlier start left running, as far as its state can be read. */
  processesIfKnown(): KnownProcess[] {
    try {
      return this.state().processes;
    } catch {
      return [];
    }
  }

  keepState(changes: Partial<State>): void {
    write(this.at('state.json'), { ...this.state(), ...changes }, 0o644);
  }
}

function read<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    throw new StartRefused(`${file} cannot be read. npm start -- --reset forgets this sandbox and begins anew.`);
  }
}

/** Whole or not at all, whenever we are killed. */
function write(file: string, value: unknown, mode: number): void {
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(next, file);
}
