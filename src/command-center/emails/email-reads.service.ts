import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { actorNames, isTeamUser, userNames } from '../../accounts/names.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { decodeCursor, type PageQuery, toPage } from '../../platform/http/page.js';
import { invalidInput } from '../../platform/http/validation.js';
import { makeSafe } from '../content/make-safe.js';
import { type Attachment, attachmentView } from '../files/attachments.js';
import { groupsOf } from '../people/group-memberships.js';
import { PeopleDirectory } from '../people/people-directory.js';
import { ContentsRepository } from './contents.repository.js';
import { EmailAttachments } from './email-attachments.js';
import { EmailQueries, type EmailRow } from './email-queries.repository.js';
import { positionOf } from './email-sorts.js';
import { tasksOfEmails } from './tasks-of-emails.js';
import { viewOf } from './email-view.js';
import type { EmailCounts, EmailCountsQuery, EmailListQuery, EmailPage } from './email-lists.dto.js';
import type { EmailDetail, EmailEventPage, EmailView } from './email-view.dto.js';

const NO_EMAIL = 'There is no such email, or it is somebody else’s.';
const AN_HOUR_MS = 3_600_000;

/** Emails as their senders see them, and admins who look as one of them. */
@Injectable()
export class EmailReads {
  constructor(
    private readonly transactions: Transactions,
    private readonly queries: EmailQueries,
    private readonly contents: ContentsRepository,
    private readonly attachments: EmailAttachments,
    private readonly directory: PeopleDirectory,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async page(principal: Principal, query: EmailListQuery): Promise<EmailPage> {
    const { folder = 'delivered', sort = 'newest', limit, after, q, roll_up: rollUp = false } = query;
    const { person_id: personId, batch_id: batchId, template_id: templateId } = query;
    const userId = await this.whose(principal, query.user_id);
    const position = positionOf(after, sort);
    const filter = { userId, folder, sort, personId, batchId, templateId, q, rollUp };
    const rows = await this.queries.page(this.transactions, principal.teamId, filter, { after: position, limit });
    const views = new Map((await this.views(principal, rows)).map((view) => [view.id, view]));
    return toPage(
      rows,
      limit,
      (row) => [sort, row.sortKey, row.id],
      (row) => views.get(row.id) as EmailView,
    );
  }

  async counts(principal: Principal, { user_id: wanted }: EmailCountsQuery): Promise<EmailCounts> {
    const userId = await this.whose(principal, wanted);
    return this.queries.counts(this.transactions, principal.teamId, userId);
  }

  async get(principal: Principal, id: string): Promise<EmailDetail> {
    const { teamId } = principal;
    const row = await this.requireVisible(principal, id);
    const [view] = await this.views(principal, [row]);
    const content = (await this.contents.byIds(this.transactions, teamId, [row.contentId])).get(row.contentId);
    const attempts = await this.queries.attempts(this.transactions, teamId, id);
    if (!view) throw new ProductError('not_found', NO_EMAIL);
    const html = await this.queries.sentHtml(this.transactions, teamId, row.attemptId);
    return {
      ...view,
      body: content?.body ?? '',
      attachments: (content?.attachments ?? []).map(attachmentView),
      html: html === null ? null : makeSafe(html),
      attempts,
    };
  }

  /** A file of an email that the caller sees. */
  async attachment(principal: Principal, id: string, fileId: string): Promise<Attachment> {
    await this.requireVisible(principal, id);
    const file = await this.attachments.of(principal.teamId, id, fileId);
    if (!file) throw new ProductError('not_found', 'This email has no such file.');
    return file;
  }

  async events(principal: Principal, id: string, { after, limit }: PageQuery): Promise<EmailEventPage> {
    await this.requireVisible(principal, id);
    const [position = null] = after === undefined ? [] : decodeCursor(after, 1);
    const slice = { after: position, limit };
    const rows = await this.queries.events(this.transactions, principal.teamId, id, slice);
    const actors = rows.map(({ actor }) => actor);
    const names = await actorNames(this.transactions, principal.teamId, actors);
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      ({ actor, ...row }) => ({
        ...row,
        who: { id: actor, name: actor === null ? 'Command Center' : (names.get(actor) ?? '') },
      }),
    );
  }

  private async requireVisible(principal: Principal, id: string): Promise<EmailRow> {
    const [row] = await this.queries.byIds(this.transactions, principal.teamId, [id]);
    const visible = row && (row.userId === principal.userId || principal.role === 'admin');
    if (!visible || row.state === 'deleted') throw new ProductError('not_found', NO_EMAIL);
    if (row.userId !== principal.userId) await this.whose(principal, row.userId);
    return row;
  }

  /** Whose emails are looked at. An admin may look as somebody else, and that is written down. */
  private async whose(principal: Principal, wanted: string | undefined): Promise<string> {
    if (wanted === undefined || wanted === principal.userId) {
      return wanted ?? requireUser(principal);
    }
    if (principal.role !== 'admin') throw new ProductError('forbidden', 'Only admins look at the emails of others.');
    const { teamId, actor } = principal;
    if (!(await isTeamUser(this.transactions, teamId, wanted))) {
      throw invalidInput([{ field: 'user_id', message: 'is no user of your team' }]);
    }
    // One line an hour says it: an open page asks every few seconds.
    const since = new Date(this.clock.now().getTime() - AN_HOUR_MS);
    await this.transactions.run(async (tx) => {
      const act = { teamId, actor, action: 'emails.viewed', target: { type: 'user', id: wanted } };
      if (!(await this.audit.isRecorded(tx, act, since))) await this.audit.record(tx, act);
    });
    return wanted;
  }

  /** With the names of all that they refer to: four questions, however many emails. */
  private async views(principal: Principal, rows: readonly EmailRow[]): Promise<EmailView[]> {
    const { teamId } = principal;
    const users = await userNames(
      this.transactions,
      teamId,
      rows.map(({ userId }) => userId),
    );
    const people = await this.directory.cards(
      this.transactions,
      teamId,
      rows.map(({ personId }) => personId),
    );
    const groups = await groupsOf(this.transactions, principal, [...people.keys()]);
    const tasks = await tasksOfEmails(
      this.transactions,
      teamId,
      rows.map(({ id }) => id),
    );
    const now = this.clock.now();
    return rows.map((row) => viewOf(row, { users, people, groups, tasks }, now));
  }
}
