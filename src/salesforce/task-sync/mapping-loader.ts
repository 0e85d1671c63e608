import { Injectable } from '@nestjs/common';
import { PeopleDirectory } from '../../command-center/people/people-directory.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { Mapping, MappingSettings } from './mapping.js';
import type { OrgSchema } from './org-schema.js';

export const DEFAULT_SETTINGS: MappingSettings = {
  conflictPolicy: 'latest',
  subjectTemplate: '{{activity_subject}}',
  openStatus: null,
  completedStatus: null,
  skippedAs: 'completed',
  skippedStatus: null,
};

interface Wanted {
  /** Salesforce users that rows name as owners. */
  ownerIds: Iterable<string>;
  /** Users of ours that tasks name as assignees. */
  assigneeIds: Iterable<string>;
  whoIds: Iterable<string | null>;
  whatIds: Iterable<string | null>;
}

export interface LoadedMapping extends Mapping {
  /** When each syncing owner among those asked for was enrolled. */
  enrolledAt(salesforceUserId: string): Date | undefined;
}

/** Loads just the part of the mapping that a page of rows needs: never all reps, never all people. */
@Injectable()
export class MappingLoader {
  constructor(private readonly people: PeopleDirectory) {}

  async load(tx: Tx, teamId: string, schema: OrgSchema, wanted: Wanted): Promise<LoadedMapping> {
    const settings = await this.settings(tx, teamId);
    const users = await tx.query<{ userId: string; salesforceUserId: string; enrolledAt: Date | null }>(
      `SELECT m.user_id AS "userId", m.salesforce_user_id AS "salesforceUserId", e.enrolled_at AS "enrolledAt"
       FROM salesforce_user_matches m
       LEFT JOIN task_sync_enrolments e ON e.team_id = m.team_id AND e.user_id = m.user_id AND e.state <> 'off'
         AND e.salesforce_user_id = m.salesforce_user_id
       WHERE m.team_id = $1 AND (m.salesforce_user_id = ANY($2::text[]) OR m.user_id = ANY($3::uuid[]))`,
      [teamId, distinct(wanted.ownerIds), distinct(wanted.assigneeIds)],
    );
    const people = await this.people.bySalesforceIds(tx, teamId, distinct(wanted.whoIds));
    const names = new Map(
      (
        await tx.query<{ id: string; name: string }>(
          'SELECT salesforce_id AS id, name FROM salesforce_names WHERE team_id = $1 AND salesforce_id = ANY($2::text[])',
          [teamId, distinct(wanted.whatIds)],
        )
      ).map(({ id, name }) => [id, name]),
    );
    const salesforceUsers = new Map(users.map((user) => [user.userId, user.salesforceUserId]));
    const enrolled = new Map(users.filter((user) => user.enrolledAt).map((user) => [user.salesforceUserId, user]));
    return {
      schema,
      settings,
      salesforceUserOf: (userId) => salesforceUsers.get(userId),
      enrolledUserOf: (salesforceUserId) => enrolled.get(salesforceUserId)?.userId,
      enrolledAt: (salesforceUserId) => enrolled.get(salesforceUserId)?.enrolledAt ?? undefined,
      personOf: (whoId) => people.get(whoId),
      nameOf: (whatId) => names.get(whatId),
    };
  }

  async settings(tx: Tx, teamId: string): Promise<MappingSettings> {
    const [row] = await tx.query<MappingSettings>(
      `SELECT conflict_policy AS "conflictPolicy", subject_template AS "subjectTemplate", open_status AS "openStatus",
              completed_status AS "completedStatus", skipped_as AS "skippedAs", skipped_status AS "skippedStatus"
       FROM task_sync_settings WHERE team_id = $1`,
      [teamId],
    );
    return row ?? DEFAULT_SETTINGS;
  }
}

function distinct(values: Iterable<string | null>): string[] {
  const set = new Set<string>();
  for (const value of values) if (value) set.add(value);
  return [...set];
}
