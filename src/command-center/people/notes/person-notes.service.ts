import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../../accounts/access.js';
import { Audit } from '../../../accounts/audit/audit.js';
import { actorNames } from '../../../accounts/names.js';
import { Clock } from '../../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { requireIfMatch } from '../../../platform/http/conditions.js';
import { decodeCursor, type PageQuery, toPage } from '../../../platform/http/page.js';
import { PersonGuard } from '../person-guard.js';
import type { PersonNotePage, PersonNoteView } from './person-notes.dto.js';
import { type NoteRow, PersonNotes } from './person-notes.repository.js';

interface NotePath {
  /** The person's. */
  id: string;
  noteId: string;
}

/** Notes on people: whoever sees the person reads them and adds some; each is its author's. */
@Injectable()
export class PersonNotesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly guard: PersonGuard,
    private readonly notes: PersonNotes,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async list(principal: Principal, personId: string, { after, limit }: PageQuery): Promise<PersonNotePage> {
    const { teamId } = principal;
    await this.guard.require(this.transactions, principal, personId, ['read', 'edit', 'own']);
    const [position = null] = after === undefined ? [] : decodeCursor(after, 1);
    const rows = await this.notes.page(this.transactions, teamId, personId, { after: position, limit });
    const authors = rows.map(({ author }) => author);
    const names = await actorNames(this.transactions, teamId, authors);
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => viewOf(row, names),
    );
  }

  async add(principal: Principal, personId: string, text: string): Promise<PersonNoteView> {
    const { teamId, actor: author } = principal;
    const row = { id: uuidv7(), author, text, version: 1, createdAt: this.clock.now(), editedAt: null };
    return this.transactions.run(async (tx) => {
      await this.guard.hold(tx, principal, personId);
      await this.notes.add(tx, teamId, personId, row);
      return this.view(tx, teamId, row);
    });
  }

  async edit(principal: Principal, path: NotePath, ifMatch: string | undefined, text: string): Promise<PersonNoteView> {
    return this.transactions.run(async (tx) => {
      const before = await this.hold(tx, principal, path);
      if (before.author !== principal.actor) throw new ProductError('forbidden', 'Only who wrote a note changes it.');
      requireIfMatch(ifMatch, before.version);
      if (before.text === text) return this.view(tx, principal.teamId, before);
      const after = { ...before, text, version: before.version + 1, editedAt: this.clock.now() };
      await this.notes.write(tx, principal.teamId, after);
      return this.view(tx, principal.teamId, after);
    });
  }

  async delete(principal: Principal, path: NotePath): Promise<void> {
    const { teamId, actor, role } = principal;
    await this.transactions.run(async (tx) => {
      const { author } = await this.hold(tx, principal, path);
      if (author !== actor && role !== 'admin') {
        throw new ProductError('forbidden', 'Only who wrote a note, or an admin, deletes it.');
      }
      await this.notes.remove(tx, teamId, path.noteId);
      if (author === actor) return;
      const target = { type: 'person', id: path.id };
      await this.audit.record(tx, { teamId, actor, action: 'person.note_deleted', target, details: { author } });
    });
  }

  private async hold(tx: Tx, principal: Principal, { id, noteId }: NotePath): Promise<NoteRow> {
    await this.guard.require(tx, principal, id, ['read', 'edit', 'own']);
    const row = await this.notes.lock(tx, principal.teamId, id, noteId);
    if (!row) throw new ProductError('not_found', 'There is no such note.');
    return row;
  }

  private async view(reader: Reader, teamId: string, row: NoteRow): Promise<PersonNoteView> {
    return viewOf(row, await actorNames(reader, teamId, [row.author]));
  }
}

function viewOf(
  { id, text, author, version, createdAt, editedAt }: NoteRow,
  names: ReadonlyMap<string, string>,
): PersonNoteView {
  const by = { id: author, name: names.get(author) ?? '' };
  return { id, text, author: by, version, created_at: createdAt, edited_at: editedAt };
}
