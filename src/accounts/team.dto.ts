import { IsString, Length } from 'class-validator';
import { Trimmed } from '../platform/http/validators.js';
import type { Scope } from './access.js';
import type { UserRole } from './user.entity.js';
import { UserView } from './users.dto.js';

export class TeamView {
  id: string;
  name: string;
  version: number;
  created_at: Date;
}

export class UpdateTeam {
  @Trimmed()
  @IsString()
  @Length(1, 200)
  name: string;
}

export class DeleteTeam {
  /** The exact name of the team, as the confirmation */
  @IsString()
  @Length(1, 200)
  name: string;
}

export class DeletedTeamView {
  id: string;
  name: string;
  deleted_at: Date;
}

/** Who is calling */
export class MeView {
  team: TeamView;
  /** null: a key of the team */
  user: UserView | null;
  role: UserRole;
  scopes: Scope[];
  /** How the history names this caller: `user:<id>` or `key:<id>` */
  actor: string;
  /** IANA name */
  time_zone: string;
}
