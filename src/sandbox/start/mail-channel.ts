import type { Stack } from './stack.js';
import type { Team } from './team.js';

interface Channel {
  id: string;
  name: string;
  host: string;
  port: number;
  owner: object | null;
}

const NAME = 'Mail world';

/** The team's delivery channel leads to the mail world, wherever that listens this time. */
export async function ensureMailChannel({ smtpUrl }: Stack, { admin }: Team): Promise<void> {
  if (smtpUrl === undefined) return;
  const { hostname: host, port: text } = new URL(smtpUrl);
  const port = Number(text);
  const { data } = await admin.get<{ data: Channel[] }>('/v1/channels');
  const present = data.find(({ name, owner }) => name === NAME && owner === null);
  if (!present) {
    await admin.send('POST', '/v1/channels', { name: NAME, host, port, security: 'none', team: true });
  } else if (present.host !== host || present.port !== port) {
    await admin.send('PATCH', `/v1/channels/${present.id}`, { host, port });
  }
}
