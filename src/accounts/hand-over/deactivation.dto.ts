import { IsUUID } from 'class-validator';
import { MayBeLeftOut } from '../../platform/http/validators.js';

export class DeactivateUser {
  /** Who takes over their open tasks, their people and their templates: an active user of the team. Left out: they stay theirs */
  @MayBeLeftOut()
  @IsUUID()
  hand_over_to?: string;
}

export class Held {
  /** `tasks` (open ones), `people` (whom they own) or `templates` */
  kind: string;
  /** Theirs at this moment */
  held: number;
  /** Handed over by the latest handing over */
  moved: number;
  /** Which the heir cannot take; `kept_because` says why */
  kept: number;
}

export class HandOverView {
  state: 'running' | 'done' | 'stopped';
  to: HeirView;
  begun_at: Date;
  /** null while it runs */
  finished_at: Date | null;
  /** Why some stayed theirs, and what to do */
  kept_because: string | null;
  /** Why it ended early */
  stopped_because: string | null;
}

export class HeirView {
  id: string;
  name: string;
}

/** What somebody holds, and how its handing over stands */
export class DeactivationView {
  user_id: string;
  active: boolean;
  holds: Held[];
  /** The latest one; null: there was none */
  hand_over: HandOverView | null;
}
