import type { EmailBatchView } from '../../../src/command-center/emails/email-batches.dto.js';
import type { EmailCounts, EmailPage } from '../../../src/command-center/emails/email-lists.dto.js';
import { type EmailState, folderOf } from '../../../src/command-center/emails/email-state.js';
import { EmailStore } from '../../../src/command-center/emails/email-store.js';
import { BLANK_EMAIL, type EmailFields } from '../../../src/command-center/emails/email-values.js';
import type { EmailDetail, EmailView } from '../../../src/command-center/emails/email-view.dto.js';
import { ContentsRepository } from '../../../src/command-center/emails/contents.repository.js';
import type { TestUser } from '../../support/app.js';
import { Client, inTransaction, newId, type Team, type World } from '../world.js';

export interface Sender {
  channelId: string;
  identityId: string;
}

/** A rep whose address is confirmed and has a channel: ready to send. */
export async function readySender(
  world: World,
  team: Pick<Team, 'teamId'>,
  user: TestUser,
  channel: { host?: string; port?: number; security?: string } = {},
): Promise<Sender> {
  const [channelId, identityId] = [newId(), newId()];
  const { host = '127.0.0.1', port = 2525, security = 'none' } = channel;
  await world.database.dataSource.query(
    `INSERT INTO delivery_channels (team_id, id, owner_id, name, host, port, security, created_at, updated_at)
     VALUES ($1, $2, $3, 'Own', $4, $5, $6, $7, $7)`,
    [team.teamId, channelId, user.userId, host, port, security, world.clock.now()],
  );
  await world.database.dataSource.query('INSERT INTO delivery_channel_paces (team_id, channel_id) VALUES ($1, $2)', [
    team.teamId,
    channelId,
  ]);
  await world.database.dataSource.query(
    `INSERT INTO identities (team_id, id, user_id, email, name, signature, is_default, verified_at, created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'Rep One', '<p>Regards, Rep One</p>', true, $5, $5, $5)`,
    [team.teamId, identityId, user.userId, `rep-${identityId.slice(-6)}@northwind.example`, world.clock.now()],
  );
  return { channelId, identityId };
}

/** The API of the emails as one user sees it. */
export class Mailer {
  constructor(readonly client: Client) {}

  /** A draft, or with a schedule an email on its way. */
  async write(personId: string, fields: object = {}): Promise<EmailDetail> {
    const body = { person_id: personId, subject: 'A question', body: '<p>Hello {{first_name}}</p>', ...fields };
    const answer = await this.client.send<EmailDetail>('post', '/v1/emails', body);
    if (answer.status !== 201) throw new Error(`Expected 201, got ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async batch(fields: object): Promise<EmailBatchView> {
    const body = { subject: 'News for {{first_name}}', body: '<p>Hello {{first_name}}</p>', ...fields };
    const answer = await this.client.send<EmailBatchView>('post', '/v1/email-batches', body);
    if (answer.status !== 201) throw new Error(`Expected 201, got ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get(id: string): Promise<EmailDetail> {
    return this.client.get(`/v1/emails/${id}`);
  }

  async folder(folder: string, query = ''): Promise<EmailView[]> {
    return (await this.client.get<EmailPage>(`/v1/emails?folder=${folder}&limit=200&${query}`)).data;
  }

  /** Only the folders that hold something. */
  async counts(query = ''): Promise<Partial<EmailCounts>> {
    const counts = await this.client.get<EmailCounts>(`/v1/emails/counts?${query}`);
    return Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0));
  }

  act<T = EmailDetail>(id: string, verb: string, body: object = {}) {
    return this.client.send<T>('post', `/v1/emails/${id}/${verb}`, body);
  }

  edit<T = EmailDetail>(email: { id: string; version: number }, body: object) {
    return this.client.send<T>('patch', `/v1/emails/${email.id}`, body, { 'If-Match': `"v${email.version}"` });
  }
}

/** An email in whatever state, as the one writer would have left it. */
export async function emailIn(
  world: World,
  team: Pick<Team, 'teamId'>,
  sender: Sender & { userId: string },
  state: EmailState,
  fields: Partial<EmailFields> = {},
): Promise<string> {
  const id = newId();
  await inTransaction(world, async (tx) => {
    const [contentId = ''] = await world.app.app
      .get(ContentsRepository)
      .add(tx, team.teamId, [{ subject: 'A question', body: '<p>Hello</p>', attachments: [] }]);
    const at = world.clock.now();
    const troubled = folderOf(state) === 'failed' || state === 'bounced' || state === 'spam';
    const email = {
      ...BLANK_EMAIL,
      ...{
        id,
        state,
        userId: sender.userId,
        kind: 'single' as const,
        contentId,
        toName: 'Grace',
        subject: 'A question',
      },
      ...{ channelId: sender.channelId, identityId: sender.identityId, sendAt: at, dueAt: at, attemptId: newId() },
      ...{ reason: troubled ? ('refused' as const) : null },
      ...fields,
    };
    await world.app.app.get(EmailStore).insert(tx, team.teamId, [email], { actor: null, at });
  });
  return id;
}
