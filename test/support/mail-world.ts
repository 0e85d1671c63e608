import type { Control, Share } from '../../src/sandbox/mail-world/control.js';
import type { CopiesReport } from '../../src/sandbox/mail-world/copies.js';
import { type MailWorld, startMailWorld } from '../../src/sandbox/mail-world/server.js';
import { createEmptyDatabase } from './database.js';

/** A message as the mailbox gives it to programs. */
export interface MailboxMessage {
  id: string;
  receivedAt: string;
  envelopeFrom: string;
  recipients: string[];
  from: string;
  to: string;
  subject: string;
  messageId: string;
  text: string;
  html: string | null;
  attachments: { name: string; bytes: number }[];
  headers: { name: string; value: string }[];
}

export interface ControlView extends Control {
  /** How often each fault struck since it was set. */
  struck: Record<Share, number>;
}

/** The mail world for a test: on free ports and with a database of its own. It is asked as anybody would, over HTTP. */
export class TestMailWorld {
  private constructor(
    private world: MailWorld,
    private readonly database: Awaited<ReturnType<typeof createEmptyDatabase>>,
    private readonly now: (() => Date) | undefined,
  ) {}

  static async start(control: Partial<Control> = {}, now?: () => Date): Promise<TestMailWorld> {
    const database = await createEmptyDatabase();
    const world = await startMailWorld({ databaseUrl: database.url, ...(now && { now }) });
    const started = new TestMailWorld(world, database, now);
    await started.control(control);
    return started;
  }

  get url(): string {
    return this.world.url;
  }

  get smtpUrl(): string {
    return this.world.smtpUrl;
  }

  get smtpPort(): number {
    return this.world.smtpPort;
  }

  get webPort(): number {
    return this.world.webPort;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  /** Sets what goes wrong from now on; what is not named is at rest. */
  async control(control: Partial<Control>): Promise<ControlView> {
    return this.json('/control', { method: 'PUT', body: JSON.stringify(control) });
  }

  async state(): Promise<ControlView> {
    return this.json('/control');
  }

  async copies(): Promise<CopiesReport> {
    return this.json('/mailbox/copies');
  }

  /** Newest first, at most 200: of one address, or of all. */
  async messages(recipient = ''): Promise<MailboxMessage[]> {
    const query = new URLSearchParams({ recipient, limit: '200' });
    return (await this.json<{ messages: MailboxMessage[] }>(`/mailbox/messages?${query.toString()}`)).messages;
  }

  /** Forgets the mail and who tried whom before; what goes wrong stays as it was set. */
  async clear(): Promise<void> {
    await fetch(`${this.url}/mailbox/messages`, { method: 'DELETE' });
  }

  /** Ends it and starts it on the same mail, at the same address for SMTP; what went wrong is at rest. */
  async restart(): Promise<void> {
    const { smtpPort } = this;
    await this.world.close();
    this.world = await startMailWorld({ databaseUrl: this.database.url, smtpPort, ...(this.now && { now: this.now }) });
  }

  async stop(): Promise<void> {
    await this.world.close();
    await this.database.drop();
  }

  private async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(`${this.url}${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}
