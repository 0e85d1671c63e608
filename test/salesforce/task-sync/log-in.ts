import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET } from '../../../src/sandbox/salesforce-org/options.js';
import type { SyncWorld } from '../../support/sync-world.js';

/** For a world whose admin logs in. */
export const CLIENT = {
  SALESFORCE_CLIENT_ID: DEFAULT_CLIENT_ID,
  SALESFORCE_CLIENT_SECRET: DEFAULT_CLIENT_SECRET,
};

/** The whole log-in of the admin, as the integration user of an org; answers the page that they end on. */
export async function logIn(
  world: SyncWorld,
  options: { org?: { url: string }; user?: string; leaveOrg?: string } = {},
): Promise<{ status: number; text: string }> {
  const { org = world.org, user = world.integrationUserId, leaveOrg } = options;
  const { authorize_url: url } = await world.call<{ authorize_url: string }>('POST', '/v1/salesforce/connection', {
    login_url: org.url,
    ...(leaveOrg !== undefined && { leave_org: leaveOrg }),
  });
  const form = new URL(url).searchParams;
  form.set('user', user);
  form.set('decision', 'allow');
  const address = new URL('/services/oauth2/authorize', url);
  const allowed = await fetch(address, { method: 'POST', body: form.toString(), redirect: 'manual' });
  const back = new URL(allowed.headers.get('location') ?? '');
  const cookie = `cc_connect=${back.searchParams.get('state') ?? ''}`;
  return world.test.http.get(back.pathname + back.search).set('Cookie', cookie);
}

export interface Address {
  url: string;
  /** Requests that came here. */
  requests(): number;
  close(): Promise<void>;
}

/** Another address of the same org. */
export async function anotherAddress(world: SyncWorld): Promise<Address> {
  let requests = 0;
  const server = createServer((incoming, outgoing) => {
    requests += 1;
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? '/', world.org.url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
