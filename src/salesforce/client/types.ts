import type { CallFor } from '../api-budget/budget.js';
import type { SalesforceError } from './errors.js';

export interface CallOptions {
  /** The longest each HTTP request may take, answer included; at most the configured time. A read makes up to three. */
  timeoutMs?: number;
  /** What the call is for, as the counters show it: `pull`, `push`, `names`, … */
  purpose?: string;
}

export interface Page<Row> {
  records: Row[];
  /** A time of the org's clock, whole seconds, not later than the moment the query began there. */
  orgTime: Date;
  /** Org's clock minus ours, milliseconds, as good as the answer's time is (a second, plus half the way). */
  skewMs: number;
}

export type WriteRequest =
  | { op: 'create'; object: string; fields: Record<string, unknown> }
  | { op: 'update'; object: string; id: string; fields: Record<string, unknown> }
  | { op: 'delete'; object?: string; id: string };

export type WriteResult = { ok: true; id: string; created?: boolean } | { ok: false; error: SalesforceError };

export interface DescribedPicklistValue {
  value: string;
  label: string;
  active: boolean;
  defaultValue: boolean;
}

/** The part of a described field that we use; Salesforce sends more. */
export interface DescribedField {
  name: string;
  label: string;
  type: string;
  length: number;
  custom: boolean;
  createable: boolean;
  updateable: boolean;
  nillable: boolean;
  unique: boolean;
  externalId: boolean;
  restrictedPicklist: boolean;
  picklistValues: DescribedPicklistValue[];
}

export interface DescribeResult {
  name: string;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  queryable: boolean;
  fields: DescribedField[];
}

/** Who the token belongs to. Ids have 18 characters. */
export interface UserInfo {
  organizationId: string;
  userId: string;
  username: string;
  email: string;
  name: string;
}

export interface ApiUsage {
  used: number;
  limit: number;
}

/** What may be sent where: handed out by whoever keeps the tokens. */
export interface Session {
  accessToken: string;
  instanceUrl: string;
  /** Counts the refreshes: tells an old session from a new one. */
  generation: number;
}

/** Keeps the session of one connection (connection/token-keeper.ts). */
export interface SessionSource {
  current(): Promise<Session>;
  /** A session newer than `stale`, refreshed at most once. Throws a SalesforceError of kind `stopped` when refused. */
  renew(stale: Session): Promise<Session>;
  /** A fresh session was refused too, at once. Stops the connection and throws the reason. */
  refused(session: Session, reason: SalesforceError): Promise<never>;
}

/** What the org said of its usage when it answered, if it did. */
export type EndOfCall = (usage: ApiUsage | undefined) => void;

/** One HTTP request to an org, after its end: without address, body or token. */
export interface CallSeen {
  purpose: string;
  ms: number;
  /** Of the answer; undefined when none came. */
  status: number | undefined;
  error: SalesforceError | undefined;
}

/** Asked last before each HTTP request, retries included: counts it, or throws and so keeps it from being sent. */
export interface CallMeter {
  begin(purpose: string, calls: CallFor): Promise<EndOfCall>;
}

/**
 * Awaited before each HTTP request, retries included: renews a lease, say. Answers a signal that ends the request when
 * it is aborted, as a time-out would; throws to stop.
 */
export type CallGuard = () => Promise<AbortSignal>;
