import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { chosenFiles } from '../files/attachments.js';
import { TemplatesService } from '../templates/templates.service.js';
import { type Content, ContentsRepository } from './contents.repository.js';
import { EmailQueries } from './email-queries.repository.js';
import { EmailStore } from './email-store.js';
import type { EmailChange, StoredEmail } from './email-values.js';
import type { EmailText } from './emails.dto.js';
import { followUpBody, followUpSubject } from './follow-up.js';

export interface Words extends Content {
  templateId: string | null;
  commercial: boolean;
}

interface Written extends Pick<StoredEmail, 'templateId' | 'subject'> {
  /** Null: not known, apart from its subject. */
  contentId: string | null;
}

type UsedTemplate = Content & { id: string; commercial: boolean };

const NOTHING_WRITTEN: Content = { subject: '', body: '', attachments: [] };

/** What an email says: written, taken from a template, or begun as a follow-up. */
@Injectable()
export class EmailWords {
  constructor(
    private readonly templates: TemplatesService,
    private readonly contents: ContentsRepository,
    private readonly store: EmailStore,
    private readonly queries: EmailQueries,
  ) {}

  /** What is not written is the template's, or else that of the email which is followed up. */
  async of(tx: Tx, principal: Principal, input: EmailText, origin?: StoredEmail): Promise<Words> {
    const template = await this.template(tx, principal, input.template_id ?? null);
    const subject = input.subject ?? template?.subject ?? (origin ? followUpSubject(origin.subject) : '');
    if (subject.trim() === '') throw invalidInput([{ field: 'subject', message: 'is needed' }]);
    const body = input.body ?? template?.body ?? (origin ? await this.quoted(tx, principal.teamId, origin) : '');
    const files = template?.attachments ?? [];
    const attachments = input.attachments ? await chosenFiles(tx, principal, input.attachments, files) : files;
    return { subject, body, attachments, templateId: template?.id ?? null, commercial: template?.commercial ?? true };
  }

  /** Of an email, or of all of a bulk send, that is there already: what is left out stays. */
  async change(tx: Tx, principal: Principal, before: Written, input: EmailText): Promise<EmailChange> {
    const { templateId } = before;
    const set: EmailChange = {};
    const template = await this.template(tx, principal, input.template_id ?? null);
    if (input.template_id !== undefined) {
      Object.assign(set, { templateId: template?.id ?? null, commercial: template?.commercial ?? true });
    }
    const { subject, body, attachments: files } = input;
    if ([subject, body, files].every((given) => given === undefined)) return set;
    const own = await this.contentOf(tx, principal.teamId, before);
    const words = { subject: subject ?? own.subject, body: body ?? own.body, attachments: own.attachments };
    if (words.subject.trim() === '') throw invalidInput([{ field: 'subject', message: 'is needed' }]);
    if (files) {
      // What was taken away may come back: its template has it still.
      const begun = templateId === null ? undefined : await this.visibleTemplate(tx, principal, templateId);
      const there = [own, template, begun].flatMap((one) => one?.attachments ?? []);
      words.attachments = await chosenFiles(tx, principal, files, there);
    }
    const [changed = ''] = await this.contents.add(tx, principal.teamId, [words]);
    return { ...set, contentId: changed, subject: words.subject };
  }

  /** The email of one's own that is followed up. */
  async origin(tx: Tx, principal: Principal, id: string | null): Promise<StoredEmail | undefined> {
    if (id === null) return undefined;
    const origin = (await this.store.read(tx, principal.teamId, [id])).get(id);
    if (origin && origin.userId === principal.userId && origin.state !== 'deleted') return origin;
    throw invalidInput([{ field: 'reply_to_id', message: 'is no email of yours' }]);
  }

  private async contentOf(tx: Tx, teamId: string, { contentId, subject }: Written): Promise<Content> {
    if (contentId === null) return { ...NOTHING_WRITTEN, subject };
    return (await this.contents.byIds(tx, teamId, [contentId])).get(contentId) ?? NOTHING_WRITTEN;
  }

  private async template(tx: Tx, principal: Principal, id: string | null): Promise<UsedTemplate | undefined> {
    if (id === null) return undefined;
    const template = await this.visibleTemplate(tx, principal, id);
    if (!template) throw invalidInput([{ field: 'template_id', message: 'is no template that you see' }]);
    return template;
  }

  private async visibleTemplate(tx: Tx, principal: Principal, id: string): Promise<UsedTemplate | undefined> {
    try {
      return await this.templates.forSending(tx, principal, id);
    } catch (error) {
      if (error instanceof ProductError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  private async quoted(tx: Tx, teamId: string, origin: StoredEmail): Promise<string> {
    return followUpBody(await this.queries.sentHtml(tx, teamId, origin.attemptId));
  }
}
