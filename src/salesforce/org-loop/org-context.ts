import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { Backlog } from '../../platform/pipelines/pipeline.js';
import type { SalesforceClient } from '../client/salesforce-client.js';
import type { LaneState } from './org-states.repository.js';

/** Which org the loop works for. */
export interface OrgLane {
  teamId: string;
  connectionId: string;
}

/** What a slice of work gets: the org's client, bounded by the lease, and what is known of the org. */
export interface OrgContext extends OrgLane {
  client: SalesforceClient;
  lease: LaneLease;
  /** Org's clock minus ours, milliseconds. */
  skewMs: number;
}

/** When a work may run, and until when it should: of what may run, the loop takes the earliest deadline. */
export interface Turn {
  readyAt: Date;
  deadline: Date;
}

/** One kind of work in the org loop: push, pull, first-time sync, … */
export interface OrgWork {
  readonly name: string;
  /** Lanes (connection ids) with work of this kind at `now`; one index-backed query. */
  dueLanes(now: Date, limit: number): Promise<string[]>;
  /** Its turn, given the org as it is now; null when there is nothing to do and nothing planned. */
  turn(org: LaneState, now: Date): Promise<Turn | null>;
  /** One slice, seconds long, committed before it returns. */
  slice(org: OrgContext): Promise<void>;
  /** How much of it is due in all orgs together, for the metrics; index-backed. Housekeeping has none. */
  backlog?(now: Date): Promise<Omit<Backlog, 'work'>>;
}
