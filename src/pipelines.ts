import { HAND_OVER } from './accounts/hand-over/deactivation.service.js';
import { ACCOUNT_MAIL } from './accounts/mail/account-mails.js';
import { TEAM_REMOVAL } from './accounts/team-removal.js';
import { FOLDER_COUNTS } from './command-center/emails/folder-counts.js';
import { PEOPLE_IMPORT } from './command-center/people/imports/people-imports.service.js';
import { DISPATCH } from './mail/dispatch/dispatch.js';
import type { PipelineDefinition } from './platform/pipelines/pipeline.js';
import { SALESFORCE_ORG } from './salesforce/org-loop/org-loop.js';

/** The catalogue of background work: every pipeline, and how much of it runs at once. */
export const pipelines: readonly PipelineDefinition[] = [
  // A lane is a Salesforce org. A killed worker leaves its org for as long as the lease; a call may last longer.
  { name: SALESFORCE_ORG, concurrency: 8, leaseMs: 15_000, drainMs: 30_000 },
  // A lane is a deleted team. Nobody waits for it: one at a time, so that it leaves the database to others.
  { name: TEAM_REMOVAL, concurrency: 1, leaseMs: 15_000, drainMs: 30_000 },
  // A lane is a team in which somebody left: batches of some hundred rows.
  { name: HAND_OVER, concurrency: 2, leaseMs: 15_000, drainMs: 30_000 },
  // A lane is a team that imports people: batches of some hundred rows.
  { name: PEOPLE_IMPORT, concurrency: 2, leaseMs: 15_000, drainMs: 30_000 },
  // A lane is a delivery channel. What a killed worker had begun to send is settled once its lease has run out.
  { name: DISPATCH, concurrency: 16, leaseMs: 15_000, drainMs: 20_000 },
  // A lane is a team whose folders changed: one statement folds thousands of changes.
  { name: FOLDER_COUNTS, concurrency: 2, leaseMs: 15_000, drainMs: 30_000 },
  // A lane is a team that has mail to send; a mail server answers within seconds.
  { name: ACCOUNT_MAIL, concurrency: 2, leaseMs: 30_000, drainMs: 30_000 },
];
