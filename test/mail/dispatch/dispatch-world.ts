import { DISPATCH } from '../../../src/mail/dispatch/dispatch.js';
import { type LaneOutcome, LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import type { EmailDetail } from '../../../src/command-center/emails/email-view.dto.js';
import { emailIn, Mailer, readySender, type Sender } from '../../command-center/emails/email-world.js';
import { createWorld, newTeam, type Team, type World } from '../../command-center/world.js';
import { TestMailWorld } from '../../support/mail-world.js';

interface Pace {
  not_before: Date | null;
  waiting_for: string | null;
  trouble: string | null;
  stopped_at: Date | null;
}

/** The application with a mail server that it sends by, and a rep who is ready to send. */
export class DispatchWorld {
  private constructor(
    readonly world: World,
    readonly mail: TestMailWorld,
    readonly team: Team,
    readonly sender: Sender & { userId: string },
    readonly rep: Mailer,
  ) {}

  static async create(at = '2026-03-04T10:00:00Z'): Promise<DispatchWorld> {
    const world = await createWorld(at);
    const mail = await TestMailWorld.start();
    return DispatchWorld.in(world, mail);
  }

  /** Another team, in the same application. */
  async another(): Promise<DispatchWorld> {
    return DispatchWorld.in(this.world, this.mail);
  }

  private static async in(world: World, mail: TestMailWorld): Promise<DispatchWorld> {
    const team = await newTeam(world);
    const [rep] = team.reps;
    if (!rep) throw new Error('The team has no rep.');
    const sender = { ...(await readySender(world, team, rep, { port: mail.smtpPort })), userId: rep.userId };
    const [client] = team.repClients;
    if (!client) throw new Error('The team has no rep.');
    return new DispatchWorld(world, mail, team, sender, new Mailer(client));
  }

  person(email: string, fields: object = {}): Promise<{ id: string }> {
    return this.rep.client.newPerson({ name: 'Grace Harper', email, ...fields });
  }

  /** Scheduled for now, unless the fields say otherwise. */
  async write(address: string, fields: object = {}): Promise<EmailDetail> {
    const { id } = await this.person(address);
    return this.rep.write(id, { schedule: {}, ...fields });
  }

  /** One go of the channel, as a worker does it. */
  run(channelId = this.sender.channelId): Promise<LaneOutcome> {
    return this.world.app.app.get(LaneRunner).runLane(DISPATCH, channelId);
  }

  /** The channel's limits and standing, past the API. */
  async channel(sql: string): Promise<void> {
    await this.sql(`UPDATE delivery_channels SET ${sql} WHERE id = $1`, [this.sender.channelId]);
  }

  async pace(): Promise<Pace> {
    const sql = 'SELECT * FROM delivery_channel_paces WHERE channel_id = $1';
    const [row] = await this.sql<Pace>(sql, [this.sender.channelId]);
    if (!row) throw new Error('The channel has no pace.');
    return row;
  }

  async stateOf(id: string): Promise<string> {
    return (await this.rep.get(id)).state;
  }

  /** What a worker leaves that was killed after the claim: before it began to leave, or after. */
  async orphan(address: string, begun: 'begun' | 'not begun'): Promise<string> {
    const { id: personId } = await this.person(address);
    const id = await emailIn(this.world, this.team, this.sender, 'in_progress', { personId, toAddress: address });
    await this.sql(
      `INSERT INTO email_attempts (team_id, id, email_id, channel_id, message_id, subject, html, at, data_at)
       SELECT team_id, attempt_id, id, channel_id, 'first@northwind.example', subject, '', $2, $3 FROM emails WHERE id = $1`,
      [id, this.world.clock.now(), begun === 'begun' ? this.world.clock.now() : null],
    );
    return id;
  }

  async sql<T = unknown>(text: string, parameters: unknown[] = []): Promise<T[]> {
    const rows: T[] = await this.world.database.dataSource.query(text, parameters);
    return rows;
  }

  async end(): Promise<void> {
    await this.world.end();
    await this.mail.stop();
  }
}
