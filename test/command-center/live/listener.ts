import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';

export interface Heard {
  id: string;
  name: string;
  data: Record<string, unknown>;
}

/** An EventSource, as far as we need one: what a browser would have heard, and where it would resume. */
export class Listener {
  readonly heard: Heard[] = [];
  lastId = '';
  status = 0;
  headers: IncomingHttpHeaders = {};
  text = '';
  ended = false;
  private readonly request: ClientRequest;
  private rest = '';

  private constructor({ app }: TestApp, headers: Record<string, string>) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    this.request = get({ host: '127.0.0.1', port, path: '/v1/events', headers, agent: false }, (response) =>
      this.take(response),
    );
    this.request.on('error', () => (this.ended = true));
  }

  /** Resolves when the stream has begun. */
  static async open(app: TestApp, key: string, lastEventId?: string): Promise<Listener> {
    const listener = Listener.start(app, key, lastEventId);
    await until(() => listener.lastId !== '' || listener.ended);
    return listener;
  }

  static start(app: TestApp, key: string, lastEventId?: string): Listener {
    return Listener.with(app, {
      Authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    });
  }

  static with(app: TestApp, headers: Record<string, string>): Listener {
    return new Listener(app, headers);
  }

  /** The task events, as `change id`. */
  get tasks(): string[] {
    return this.heard
      .filter(({ name }) => name === 'task')
      .map(({ data }) => `${String(data.change)} ${String(data.id)}`);
  }

  close(): void {
    this.request.destroy();
  }

  private take(response: IncomingMessage): void {
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.read(chunk));
    response.on('error', () => undefined);
    response.on('close', () => (this.ended = true));
  }

  private read(chunk: string): void {
    this.text += chunk;
    const blocks = (this.rest + chunk).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const [id, name, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
      if (id !== undefined) this.lastId = id;
      if (name && data) this.heard.push({ id: this.lastId, name, data: JSON.parse(data) as Heard['data'] });
    }
  }
}
