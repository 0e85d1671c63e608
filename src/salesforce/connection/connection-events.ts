import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';

export interface ConnectedTeam {
  teamId: string;
  connectionId: string;
}

/** An org that a team leaves or comes to. */
export interface OrgOfTeam extends ConnectedTeam {
  /** 18 characters. */
  orgId: string;
}

export interface MatchChange {
  teamId: string;
  userId: string;
  /** 18 characters; null: none. */
  before: string | null;
  after: string | null;
}

/** Called inside the transaction that makes the change; what they throw undoes it. Wake up after the commit. */
export interface ConnectionObserver {
  /** Calls may go out again: connected, connected again after a stop, or resumed. */
  onConnected?(tx: Tx, team: ConnectedTeam): Promise<void>;
  /** Calls may not go out: stopped by Salesforce, disconnected, or paused. */
  onStopped?(tx: Tx, team: ConnectedTeam): Promise<void>;
  /** The team leaves this org for another one: nothing of it holds any more. */
  onOrgLeft?(tx: Tx, org: OrgOfTeam): Promise<void>;
  /** The team has this org from now on; it may have had it before. */
  onOrgEntered?(tx: Tx, org: OrgOfTeam): Promise<void>;
  /** One of our users became, or ceased to be, a Salesforce user. */
  onMatchChanged?(tx: Tx, change: MatchChange): Promise<void>;
}

/** Who wants to know registers at start-up. */
@Injectable()
export class ConnectionEvents {
  private readonly observers: ConnectionObserver[] = [];

  register(observer: ConnectionObserver): void {
    this.observers.push(observer);
  }

  async connected(tx: Tx, team: ConnectedTeam): Promise<void> {
    for (const observer of this.observers) await observer.onConnected?.(tx, team);
  }

  async stopped(tx: Tx, team: ConnectedTeam): Promise<void> {
    for (const observer of this.observers) await observer.onStopped?.(tx, team);
  }

  async orgLeft(tx: Tx, org: OrgOfTeam): Promise<void> {
    for (const observer of this.observers) await observer.onOrgLeft?.(tx, org);
  }

  async orgEntered(tx: Tx, org: OrgOfTeam): Promise<void> {
    for (const observer of this.observers) await observer.onOrgEntered?.(tx, org);
  }

  async matchChanged(tx: Tx, change: MatchChange): Promise<void> {
    for (const observer of this.observers) await observer.onMatchChanged?.(tx, change);
  }
}
