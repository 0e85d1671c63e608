import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { decodeCursor, toPage } from '../../platform/http/page.js';
import { invalidInput } from '../../platform/http/validation.js';
import { checkSource } from '../content/dynamic-fields.js';
import { insertAttachments } from '../files/attachment-rows.js';
import { type Attachment, attachmentView, chosenFiles } from '../files/attachments.js';
import type { Viewer } from '../people/person-access.js';
import { templateAccess } from './template-access.js';
import {
  TEMPLATE_ATTACHMENTS,
  TemplateQueries,
  type TemplateRow,
  type WholeTemplateRow,
} from './template-queries.repository.js';
import type {
  CreateTemplate,
  TemplateCategories,
  TemplatesPage,
  TemplatesQuery,
  TemplateSummary,
  TemplateView,
  UpdateTemplate,
} from './templates.dto.js';

const MISSING = 'There is no such template, or nobody shared it with you.';
const FIELDS = ['name', 'category', 'subject', 'body', 'shared', 'commercial', 'locked'] as const;
type Content = Pick<WholeTemplateRow, (typeof FIELDS)[number] | 'attachments'>;

@Injectable()
export class TemplatesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly queries: TemplateQueries,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async list(
    principal: Principal,
    { list = 'all', category, q, after, limit }: TemplatesQuery,
  ): Promise<TemplatesPage> {
    const position = after === undefined ? null : (decodeCursor(after, 2).map(String) as [string, string]);
    const filter = { list, category, q, after: position, limit };
    const rows = await this.queries.page(this.transactions, principal, filter);
    return toPage(rows, limit, ({ sortKey, id }) => [sortKey, id], summaryOf);
  }

  async categories(principal: Principal): Promise<TemplateCategories> {
    return { data: await this.queries.categories(this.transactions, principal) };
  }

  async get(principal: Principal, id: string): Promise<TemplateView> {
    return viewOf(await this.visible(this.transactions, principal, id));
  }

  /** Those of them that this viewer sees. */
  visibleAmong(viewer: Viewer, ids: readonly string[]): Promise<Set<string>> {
    return this.queries.visibleAmong(this.transactions, viewer, ids);
  }

  /** For whoever sends it: what this viewer may use. */
  async forSending(
    reader: Reader,
    viewer: Viewer,
    id: string,
  ): Promise<{ id: string; subject: string; body: string; commercial: boolean; attachments: readonly Attachment[] }> {
    const { subject, body, commercial, attachments } = await this.visible(reader, viewer, id);
    return { id, subject, body, commercial, attachments };
  }

  create(principal: Principal, input: CreateTemplate): Promise<TemplateView> {
    requireGoodSource(input);
    const { name, category = null, subject, body, shared = false, commercial = true } = input;
    if (principal.userId === null && !shared) {
      throw invalidInput([{ field: 'shared', message: 'must be true: a key of the team is nobody in particular' }]);
    }
    return this.transactions.run(async (tx) => {
      const attachments = await chosenFiles(tx, principal, input.attachments ?? [], []);
      return this.add(tx, principal, { name, category, subject, body, shared, commercial, locked: false, attachments });
    });
  }

  /** One's own, to be changed at will: neither shared nor locked. Of a team's key, shared. */
  async duplicate(principal: Principal, id: string): Promise<TemplateView> {
    const { name, ...row } = await this.visible(this.transactions, principal, id);
    const { category, subject, body, commercial, attachments } = row;
    const shared = principal.userId === null;
    const copy = `${[...name].slice(0, 190).join('')} (copy)`;
    const content = { name: copy, category, subject, body, commercial, shared, locked: false, attachments };
    return this.transactions.run((tx) => this.add(tx, principal, content));
  }

  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    input: UpdateTemplate,
  ): Promise<TemplateView> {
    return this.transactions.run(async (tx) => {
      const row = await this.editable(tx, principal, id);
      requireIfMatch(ifMatch, row.version);
      if (input.locked !== undefined && input.locked !== row.locked && principal.role !== 'admin') {
        throw new ProductError('forbidden', 'Only admins lock templates.');
      }
      const after = afterEdit(row, input);
      if (row.ownerId === null && !after.shared) {
        throw invalidInput([{ field: 'shared', message: 'must be true: this template has no owner to keep it' }]);
      }
      const attachments = input.attachments
        ? await chosenFiles(tx, principal, input.attachments, row.attachments)
        : row.attachments;
      const changed: string[] = FIELDS.filter((field) => after[field] !== row[field]);
      if (!isDeepStrictEqual(attachments, row.attachments)) changed.push('attachments');
      requireGoodSource(after);
      if (changed.length === 0) return viewOf(row);
      await tx.query(
        `UPDATE templates SET name = $3, category = $4, subject = $5, body = $6, shared = $7, commercial = $8,
           locked = $9, updated_at = $10, version = version + 1
         WHERE team_id = $1 AND id = $2`,
        [principal.teamId, id, ...FIELDS.map((field) => after[field]), this.clock.now()],
      );
      if (changed.includes('attachments')) await this.attach(tx, principal.teamId, id, attachments);
      await this.tell(tx, principal, row, changed);
      return viewOf(await this.visible(tx, principal, id));
    });
  }

  async delete(principal: Principal, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const row = await this.editable(tx, principal, id);
      const at = this.clock.now();
      await tx.query('UPDATE templates SET deleted_at = $3, version = version + 1 WHERE team_id = $1 AND id = $2', [
        principal.teamId,
        id,
        at,
      ]);
      await tx.query('DELETE FROM template_favourites WHERE team_id = $1 AND template_id = $2', [principal.teamId, id]);
      if (isTold(principal, row)) await this.record(tx, principal, row, 'template.deleted', {});
    });
  }

  async favour(principal: Principal, id: string): Promise<void> {
    const userId = requireUser(principal);
    await this.transactions.run(async (tx) => {
      await this.lock(tx, principal, id);
      await this.visible(tx, principal, id);
      await tx.query(
        `INSERT INTO template_favourites (team_id, user_id, template_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [principal.teamId, userId, id],
      );
    });
  }

  async unfavour(principal: Principal, id: string): Promise<void> {
    const userId = requireUser(principal);
    await this.transactions.run(async (tx) => {
      await this.visible(tx, principal, id);
      await tx.query('DELETE FROM template_favourites WHERE team_id = $1 AND user_id = $2 AND template_id = $3', [
        principal.teamId,
        userId,
        id,
      ]);
    });
  }

  private async add(tx: Tx, { teamId, userId, ...of }: Principal, content: Content): Promise<TemplateView> {
    const [id, at] = [uuidv7(), this.clock.now()];
    await tx.query(
      `INSERT INTO templates (team_id, id, owner_id, name, category, subject, body, shared, commercial, locked,
           created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
      [teamId, id, userId, ...FIELDS.map((field) => content[field]), at],
    );
    await this.attach(tx, teamId, id, content.attachments);
    return viewOf(await this.visible(tx, { teamId, userId, role: of.role }, id));
  }

  private async attach(tx: Tx, teamId: string, id: string, attachments: readonly Attachment[]): Promise<void> {
    await tx.query('DELETE FROM template_attachments WHERE team_id = $1 AND template_id = $2', [teamId, id]);
    await insertAttachments(tx, teamId, TEMPLATE_ATTACHMENTS, [{ id, attachments }]);
  }

  private async visible(reader: Reader, viewer: Viewer, id: string): Promise<WholeTemplateRow> {
    const row = await this.queries.byId(reader, viewer, id);
    if (!row || templateAccess(viewer, row) === 'none') throw new ProductError('not_found', MISSING);
    return row;
  }

  /** Held until the transaction ends. */
  private async editable(tx: Tx, principal: Principal, id: string): Promise<WholeTemplateRow> {
    await this.lock(tx, principal, id);
    const row = await this.visible(tx, principal, id);
    const access = templateAccess(principal, row);
    if (access === 'edit') return row;
    const locked = 'An admin has locked this template: duplicate it, and change the copy.';
    const others = 'This template is somebody else’s: duplicate it, and change the copy.';
    throw new ProductError('forbidden', access === 'locked' ? locked : others);
  }

  private async lock(tx: Tx, { teamId }: Viewer, id: string): Promise<void> {
    await tx.query('SELECT 1 FROM templates WHERE team_id = $1 AND id = $2 FOR NO KEY UPDATE', [teamId, id]);
  }

  /** Locking binds others, whoever owns the template; else only what an admin does to what is not theirs is told. */
  private async tell(tx: Tx, principal: Principal, row: WholeTemplateRow, changed: readonly string[]): Promise<void> {
    if (changed.includes('locked')) {
      await this.record(tx, principal, row, row.locked ? 'template.unlocked' : 'template.locked', {});
    }
    const fields = changed.filter((field) => field !== 'locked');
    if (fields.length > 0 && isTold(principal, row)) {
      await this.record(tx, principal, row, 'template.updated', { fields });
    }
  }

  private record(tx: Tx, principal: Principal, row: WholeTemplateRow, action: string, details: object): Promise<void> {
    const { teamId, actor } = principal;
    const target = { type: 'template', id: row.id };
    const of = { ...details, name: row.name, owner_id: row.ownerId };
    return this.audit.record(tx, { teamId, actor, action, target, details: of });
  }
}

function isTold(principal: Principal, row: WholeTemplateRow): boolean {
  return row.ownerId === null || row.ownerId !== principal.userId;
}

function requireGoodSource(source: { subject: string; body: string }): void {
  const problems = checkSource(source);
  if (problems.length > 0) throw invalidInput(problems.map(({ field, message }) => ({ field, message })));
}

function afterEdit(row: WholeTemplateRow, input: UpdateTemplate): Omit<Content, 'attachments'> {
  const { category = row.category, ...given } = input;
  const { name = row.name, subject = row.subject, body = row.body } = given;
  const { shared = row.shared, commercial = row.commercial, locked = row.locked } = given;
  return { name, category, subject, body, shared, commercial, locked };
}

function summaryOf(row: TemplateRow): TemplateSummary {
  const { id, name, category, subject, shared, commercial, locked, favourite, version } = row;
  const owner = row.ownerId === null ? null : { id: row.ownerId, name: row.ownerName ?? '' };
  const at = { created_at: row.createdAt, updated_at: row.updatedAt };
  return { id, name, category, subject, shared, commercial, locked, owner, favourite, version, ...at };
}

function viewOf(row: WholeTemplateRow): TemplateView {
  return { ...summaryOf(row), body: row.body, attachments: row.attachments.map(attachmentView) };
}
