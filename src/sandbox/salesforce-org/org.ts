import type pg from 'pg';
import { Faults } from './faults.js';
import { makeId } from './ids.js';
import { Holds } from './holds.js';
import { Catalogue } from './objects/catalogue.js';
import type { CustomField } from './objects/catalogue.js';
import type { PicklistValue } from './objects/field.js';
import type { OrgOptions } from './options.js';
import type { Code } from './oauth/grants.js';
import type { JwtSetUp } from './oauth/jwt-bearer.js';
import { OpenIdProvider } from './oauth/openid.js';
import { Sessions } from './oauth/sessions.js';
import { Flows } from './records/flows.js';
import { ValidationRules } from './records/validation-rules.js';
import { wholeSeconds } from './time.js';
import { Usage } from './usage.js';

/** The state that all requests share: the database, the clock, what the org's admin configured, faults and usage. */
export class Org {
  catalogue = new Catalogue([], [], []);
  readonly faults = new Faults();
  /** Transactions held open after their work. */
  readonly lateCommits = new Holds();
  /** Requests held up by a fault. */
  readonly latencies = new Holds();
  readonly validationRules = new ValidationRules();
  readonly flows = new Flows(this.latencies);
  /** Authorization codes that wait to be exchanged. */
  readonly codes = new Map<string, Code>();
  /** Undefined: the app has no certificate. */
  jwt: JwtSetUp | undefined;
  readonly openId = new OpenIdProvider();
  /** Users who have not confirmed their address. */
  readonly unverified = new Set<string>();
  readonly usage: Usage;
  readonly sessions: Sessions;
  id = '';
  /** Where clients are told to send their calls; an admin can move it (My Domain). */
  instanceUrl = '';
  clockOffsetMs = 0;
  private working = 0;
  private whenIdle: (() => void) | undefined;
  private readonly freeIds: { next: number; end: number } = { next: 0, end: 0 };

  constructor(
    readonly pool: pg.Pool,
    readonly options: OrgOptions,
  ) {
    this.usage = new Usage(options.dailyLimit, () => this.now());
    this.sessions = new Sessions(pool);
  }

  now(): Date {
    return new Date(this.options.now().getTime() + this.clockOffsetMs);
  }

  /** The moment that a write is stamped with. */
  stamp(): Date {
    return wholeSeconds(this.now());
  }

  /** Reads what an admin can change; called at start and after such a change. */
  async reload(): Promise<void> {
    const { rows: org } = await this.pool.query<{ id: string }>('SELECT id FROM sf_organization');
    this.id = org[0]?.id ?? '';
    const { rows: custom } = await this.pool.query<CustomField>(
      `SELECT object, name, label, type, length, external_id AS "externalId", is_unique AS "unique"
       FROM sf_custom_field ORDER BY object, name`,
    );
    const { rows: statuses } = await this.pool.query<PicklistValue>(
      `SELECT api_name AS value, master_label AS label, is_default AS "isDefault", is_closed AS "isClosed"
       FROM sf_task_status ORDER BY sort_order`,
    );
    const { rows: priorities } = await this.pool.query<PicklistValue>(
      `SELECT api_name AS value, master_label AS label, is_default AS "isDefault", is_high_priority AS "isHighPriority"
       FROM sf_task_priority ORDER BY sort_order`,
    );
    this.catalogue = new Catalogue(custom, statuses, priorities);
  }

  async newIds(prefix: string, count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      if (this.freeIds.next >= this.freeIds.end) await this.reserveBlock();
      ids.push(makeId(prefix, this.freeIds.next));
      this.freeIds.next += 1;
    }
    return ids;
  }

  /** Counts a request as being worked on; call the result when it is over. */
  begin(): () => void {
    this.working += 1;
    return () => {
      this.working -= 1;
      if (this.working === 0) this.whenIdle?.();
    };
  }

  /** Resolves when no request is being worked on. */
  idle(): Promise<void> {
    if (this.working === 0) return Promise.resolve();
    return new Promise((resolve) => (this.whenIdle = resolve));
  }

  private async reserveBlock(): Promise<void> {
    const { rows } = await this.pool.query<{ block: number }>(`SELECT nextval('sf_id_block') AS block`);
    // Two callers may wait here at once: the later one simply takes over with a block of its own.
    this.freeIds.next = (rows[0]?.block ?? 1) * 1000;
    this.freeIds.end = this.freeIds.next + 1000;
  }
}
