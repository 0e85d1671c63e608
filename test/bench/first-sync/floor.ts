// The floor of the first-time sync: the least that any program has to do so that the same rows stand in the same
// tables, written as well as we can.
//
//   - The same pages, one after the other, because the address of a page is the last id of the one before. While a
//     page is written, the next one is fetched and parsed, and the names that it needs are asked for, all objects at
//     once.
//   - Every value is brought into the form in which it is kept (canonical text and times), and stands in the task and
//     in the base of its link: without that the result would not be the same.
//   - COPY into temporary tables, then INSERT … SELECT into the final ones, with the indexes and foreign keys that they
//     have. What is there already is left out: a poll may have brought it meanwhile. (COPY straight into the final
//     tables could not, and takes as long.)
//   - Rows and position are committed together, page by page: also a floor must be able to go on after a crash.
//
// What it leaves out: any merge, mapping settings, picklists, a lease, the count for the progress, the pull that
// follows. People are known from memory, never looked up.

import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { repId, type Named, type Task } from '../stand-in/org-data.js';
import { BareOrg } from '../support/bare-org.js';
import { agreedOf } from '../support/agreed.js';
import { copyIn, copyLine } from '../support/copy.js';
import type { Team } from '../support/team.js';

const PAGE = 2_000;
export const FIELDS =
  `Id, Subject, Status, Priority, ActivityDate, Description, ReminderDateTime, IsReminderSet, OwnerId,
  WhoId, WhatId, TaskSubtype, IsRecurrence, IsClosed, IsDeleted, IsArchived, CreatedDate, CompletedDateTime,
  LastModifiedDate, LastModifiedById, SystemModstamp, Command_Center_Key__c`.replace(/\s+/g, ' ');

const TEMPORARY = `
CREATE TEMP TABLE new_tasks (id uuid, type text, name text, status text, priority text, due_date date, details text,
  reminder_at timestamptz, assignee_id uuid, person_id uuid, who_id text, what_id text, what_name text,
  closed_at timestamptz, salesforce_id text, base jsonb, archived boolean, system_modstamp timestamptz)
  ON COMMIT DELETE ROWS;
CREATE TEMP TABLE new_people (id uuid, name text, email text, salesforce_id text, kind text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE new_names (salesforce_id text, name text) ON COMMIT DELETE ROWS`;

export interface FloorInput {
  databaseUrl: string;
  orgUrl: string;
  team: Team;
}

interface Page {
  rows: Task[];
  people: Named[];
  names: Named[];
}

export async function firstSyncFloor(input: FloorInput): Promise<void> {
  const db = new pg.Client({ connectionString: input.databaseUrl });
  await db.connect();
  try {
    await new Floor(db, new BareOrg(input.orgUrl), input.team).run();
  } finally {
    await db.end();
  }
}

class Floor {
  private readonly userOf: Map<string, string>;
  private readonly personOf = new Map<string, string>();
  private readonly nameOf = new Map<string, string>();
  private readonly runId = uuidv7();
  private readonly where: string;
  private done = 0;

  constructor(
    private readonly db: pg.Client,
    private readonly org: BareOrg,
    private readonly team: Team,
  ) {
    this.userOf = new Map(team.userIds.map((id, rep) => [repId(rep), id]));
    const owners = [...this.userOf.keys()].map((id) => `'${id}'`).join(', ');
    this.where = `IsDeleted = FALSE AND ((OwnerId IN (${owners})))`;
  }

  async run(): Promise<void> {
    const { db } = this;
    const { teamId, userIds } = this.team;
    await db.query(TEMPORARY);
    await db.query(
      `INSERT INTO sync_runs (team_id, id, kind, status, started_at) VALUES ($1, $2, 'first_sync', 'running', now())`,
      [teamId, this.runId],
    );
    await db.query(
      `INSERT INTO task_sync_enrolments (team_id, user_id, salesforce_user_id, state, scope, enrolled_at, run_id)
       SELECT $1, u.id, u.salesforce_id, 'reading', 'all', now(), $4
       FROM unnest($2::uuid[], $3::text[]) AS u (id, salesforce_id)`,
      [teamId, userIds, [...this.userOf.keys()], this.runId],
    );
    let coming: Promise<Page> | undefined = this.fetch('');
    while (coming) {
      const page: Page = await coming;
      const last = page.rows.length === PAGE ? page.rows.at(-1)?.Id : undefined;
      coming = last === undefined ? undefined : this.fetch(last);
      await this.write(page, last);
    }
  }

  private async fetch(after: string): Promise<Page> {
    const position = after && ` AND Id > '${after}'`;
    const soql = `SELECT ${FIELDS} FROM Task WHERE ${this.where}${position} ORDER BY Id LIMIT ${PAGE}`;
    const { records } = await this.org.queryAll<Task>(soql);
    const unknown = { '001': new Set<string>(), '003': new Set<string>(), '00Q': new Set<string>() };
    for (const { WhoId, WhatId } of records) {
      if (WhoId !== null && !this.personOf.has(WhoId)) unknown[WhoId.startsWith('003') ? '003' : '00Q'].add(WhoId);
      if (WhatId !== null && !this.nameOf.has(WhatId)) unknown['001'].add(WhatId);
    }
    const ask = (object: string, ids: Set<string>, fields: string[]) =>
      this.org.retrieve<Named>(object, [...ids], ['Id', ...fields]);
    const [contacts, leads, names] = await Promise.all([
      ask('Contact', unknown['003'], ['Name', 'Email']),
      ask('Lead', unknown['00Q'], ['Name', 'Email']),
      ask('Account', unknown['001'], ['Name']),
    ]);
    const people = [...contacts, ...leads].filter((row) => row !== null);
    for (const { Id } of people) this.personOf.set(Id, uuidv7());
    for (const row of names) if (row) this.nameOf.set(row.Id, row.Name);
    return { rows: records, people, names: names.filter((row) => row !== null) };
  }

  private async write({ rows, people, names }: Page, last: string | undefined): Promise<void> {
    const { db } = this;
    const { teamId } = this.team;
    this.done += rows.length;
    await db.query('BEGIN');
    if (names.length > 0) {
      await copyIn(
        db,
        'new_names',
        names.map(({ Id, Name }) => copyLine([Id, Name])),
      );
      await db.query(
        `INSERT INTO salesforce_names (team_id, salesforce_id, name, read_at)
         SELECT $1, salesforce_id, name, now() FROM new_names ON CONFLICT DO NOTHING`,
        [teamId],
      );
    }
    if (people.length > 0) {
      await copyIn(
        db,
        'new_people',
        people.map((one) => this.personLine(one)),
      );
      await db.query(
        `INSERT INTO people (team_id, id, name, email) SELECT $1, id, name, email FROM new_people ON CONFLICT DO NOTHING`,
        [teamId],
      );
      await db.query(
        `INSERT INTO person_salesforce_records (team_id, salesforce_id, person_id, kind)
         SELECT $1, salesforce_id, id, kind FROM new_people ON CONFLICT DO NOTHING`,
        [teamId],
      );
    }
    if (rows.length > 0) {
      await copyIn(
        db,
        'new_tasks',
        rows.map((row) => this.taskLine(row)),
      );
      await db.query(
        `INSERT INTO tasks (team_id, id, type, name, status, priority, due_date, details, reminder_at, assignee_id,
           person_id, who_id, what_id, what_name, closed_at)
         SELECT $1, id, type, name, status, priority, due_date, details, reminder_at, assignee_id, person_id, who_id,
           what_id, what_name, closed_at FROM new_tasks n
         WHERE NOT EXISTS (SELECT FROM task_links l WHERE l.team_id = $1 AND l.salesforce_id = n.salesforce_id)`,
        [teamId],
      );
      await db.query(
        `INSERT INTO task_links (team_id, task_id, salesforce_id, base, archived, system_modstamp, agreed_at)
         SELECT $1, id, salesforce_id, base, archived, system_modstamp, now() FROM new_tasks ON CONFLICT DO NOTHING`,
        [teamId],
      );
    }
    await db.query(`UPDATE sync_runs SET done = $3, position = $4, status = $5 WHERE team_id = $1 AND id = $2`, [
      teamId,
      this.runId,
      this.done,
      JSON.stringify({ after: last ?? null }),
      last ? 'running' : 'done',
    ]);
    if (!last) await db.query(`UPDATE task_sync_enrolments SET state = 'synced' WHERE run_id = $1`, [this.runId]);
    await db.query('COMMIT');
  }

  private personLine({ Id, Name, Email }: Named): string {
    const id = this.personOf.get(Id) ?? null;
    return copyLine([id, Name, Email?.trim().toLowerCase() ?? null, Id, Id.startsWith('003') ? 'contact' : 'lead']);
  }

  private taskLine(row: Task): string {
    const { there, here } = agreedOf(row);
    const { name, status, priority } = here;
    return copyLine([
      ...[uuidv7(), row.TaskSubtype === 'Call' ? 'call' : 'custom', name, status, priority, row.ActivityDate],
      ...[there.Description, there.ReminderDateTime, this.userOf.get(row.OwnerId) ?? null],
      ...[row.WhoId === null ? null : (this.personOf.get(row.WhoId) ?? null), row.WhoId, row.WhatId],
      ...[
        row.WhatId === null ? null : (this.nameOf.get(row.WhatId) ?? null),
        row.IsClosed ? row.CompletedDateTime : null,
      ],
      ...[row.Id, JSON.stringify({ there, here }), row.IsArchived, row.SystemModstamp],
    ]);
  }
}
