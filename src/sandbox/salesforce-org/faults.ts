import { randomUUID } from 'node:crypto';

/**
 * The fault switch: what goes wrong, where and how often. Set over HTTP:
 *
 *   POST   /sandbox/faults        a Fault without id → the same with its id
 *   GET    /sandbox/faults        those that are armed, with how often each one struck
 *   DELETE /sandbox/faults        disarm all; DELETE /sandbox/faults/ID one
 *
 * A request meets every armed fault that matches it; their effects add up.
 */
export interface Fault {
  id: string;
  match: {
    method?: string;
    /** A regular expression, tried on path and query as the client sent them. */
    path?: string;
    /** A part of the body. */
    body?: string;
  };
  /** How many matching requests meet it; null until it is disarmed. Default 1. */
  times: number | null;
  /** How many matching requests pass before the first one meets it. */
  skip: number;
  effect: Effect;
}

export interface Effect {
  /** Wait this long before the work. */
  latencyMs?: number;
  /**
   * Cut the connection: `before` the work is done; `after` it is committed but nothing is answered; `during` the
   * answer, half of it sent.
   */
  cut?: 'before' | 'after' | 'during';
  /** Answer with this before the work, e.g. 503. */
  status?: number;
  /** Answer with this Salesforce error before the work. */
  error?: { status: number; errorCode: string; message: string };
  /** The session of this request has expired: 401 until the client gets another one. */
  expireSession?: boolean;
  /** 401 for this request although its session is good: a refresh does not help. */
  refuseSession?: boolean;
  limit?: 'daily' | 'concurrent';
  rows?: RowFault;
  /** The write is stamped now and commits this much later: others do not see it until then. */
  commitLateMs?: number;
  /** The write is stamped this long ago: to a reader, the same as a late commit, without anyone waiting. */
  stampBackMs?: number;
}

/** Records of a write that are refused; `UNABLE_TO_LOCK_ROW` unless said otherwise. */
export interface RowFault {
  ids?: string[];
  /** Every nth record of the request, counted from 1. */
  every?: number;
  /** Records whose Subject (or Name) contains this. */
  containing?: string;
  /** Writes that set this field, e.g. as a user who may not edit it. */
  setting?: string;
  /** How often one and the same record is refused; forever unless given. */
  timesEach?: number;
  statusCode?: string;
  message?: string;
}

export interface Strike {
  effect: Effect;
  /** How often a record was refused by this fault, by its id or name. */
  refused: Map<string, number>;
}

interface Armed {
  fault: Fault;
  seen: number;
  struck: number;
  refused: Map<string, number>;
}

export class Faults {
  private armed: Armed[] = [];

  arm(spec: Partial<Fault> & { effect: Effect }): Fault {
    const fault: Fault = {
      id: spec.id ?? randomUUID(),
      match: spec.match ?? {},
      times: spec.times === undefined ? 1 : spec.times,
      skip: spec.skip ?? 0,
      effect: spec.effect,
    };
    // Fails here, not at the request that meets it.
    if (fault.match.path !== undefined) new RegExp(fault.match.path);
    this.armed.push({ fault, seen: 0, struck: 0, refused: new Map() });
    return fault;
  }

  disarm(id?: string): void {
    this.armed = id === undefined ? [] : this.armed.filter((a) => a.fault.id !== id);
  }

  list(): (Fault & { struck: number })[] {
    return this.armed.map((a) => ({ ...a.fault, struck: a.struck }));
  }

  strike(method: string, path: string, body: string): Strike[] {
    const strikes: Strike[] = [];
    for (const armed of this.armed) {
      const { match, times, skip, effect } = armed.fault;
      if (match.method !== undefined && match.method.toUpperCase() !== method) continue;
      if (match.path !== undefined && !new RegExp(match.path).test(path)) continue;
      if (match.body !== undefined && !body.includes(match.body)) continue;
      armed.seen += 1;
      if (armed.seen <= skip || (times !== null && armed.struck >= times)) continue;
      armed.struck += 1;
      strikes.push({ effect, refused: armed.refused });
    }
    return strikes;
  }
}
