import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { openPool } from './database.js';
import { applyBefore, Cut } from './http/strikes.js';
import { headTooLarge, readRequest } from './http/request.js';
import { json } from './http/response.js';
import type { HttpResponse } from './http/response.js';
import { canFail, route } from './http/router.js';
import { ApiError } from './errors.js';
import { withDefaults } from './options.js';
import type { SalesforceOrgOptions } from './options.js';
import { Org } from './org.js';
import { createSchema } from './schema.js';

export type { SalesforceOrgOptions } from './options.js';

export interface SalesforceOrg {
  readonly url: string;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The org's own tables (`sf_task`, `sf_user`, …), for seeding and for comparing. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** Starts a simulated Salesforce org on a database, which keeps its state between starts. */
export async function startSalesforceOrg(options: SalesforceOrgOptions): Promise<SalesforceOrg> {
  if (process.env.NODE_ENV === 'production')
    throw new Error('The simulated Salesforce org does not run in production.');
  const settings = withDefaults(options);
  const pool = openPool(settings.databaseUrl);
  const org = new Org(pool, settings);
  try {
    await createSchema(pool);
    await org.reload();
  } catch (error) {
    await pool.end();
    throw error;
  }
  // Node's own limit for the head is out of the way, so that ours answers as Salesforce does.
  const server = createServer({ maxHeaderSize: 1 << 20, keepAliveTimeout: 60_000 }, (message, response) => {
    // The org's own time, as clients measure the difference of the clocks by it.
    response.setHeader('Date', org.now().toUTCString());
    void answer(org, message, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host}:${port}`;
  org.instanceUrl = url;
  return {
    url,
    port,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    pool,
    close: async () => {
      org.lateCommits.releaseAll();
      org.latencies.releaseAll();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await org.idle();
      await pool.end();
    },
  };
}

async function answer(org: Org, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const done = org.begin();
  try {
    const tooLarge = headTooLarge(message);
    if (tooLarge !== undefined) {
      send(org, response, json(tooLarge, [{ errorCode: 'URI_TOO_LONG', message: 'URI and headers are too long' }]));
      return;
    }
    const request = await readRequest(message, org.instanceUrl);
    const strikes = canFail(request) ? org.faults.strike(request.method, request.target, request.body) : [];
    const early = await applyBefore(org, strikes);
    const reply = early ?? (await route(org, request, strikes));
    const cuts = strikes.map((s) => s.effect.cut);
    if (cuts.includes('after')) throw new Cut();
    if (cuts.includes('during')) cutInTheMiddle(response, reply);
    else send(org, response, reply);
  } catch (error) {
    fail(org, message, response, error);
  } finally {
    done();
  }
}

function fail(org: Org, message: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Also when the client itself went away in the middle of its request.
  if (error instanceof Cut || response.headersSent || message.socket.destroyed) message.socket.destroy();
  else if (error instanceof ApiError) send(org, response, json(error.status, error.body()));
  else {
    // Ours, not the client's: say it where a developer looks.
    process.stderr.write(
      `salesforce-org: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    send(org, response, json(500, [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred' }]));
  }
}

function send(org: Org, response: ServerResponse, reply: HttpResponse): void {
  // By the org's clock: a client measures the difference to its own by it.
  const date = org.now().toUTCString();
  response.writeHead(reply.status, { ...reply.headers, Date: date, 'Content-Length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

function cutInTheMiddle(response: ServerResponse, reply: HttpResponse): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': body.length });
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}
