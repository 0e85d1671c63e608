import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Transactions } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import { LaneEnds } from '../platform/pipelines/lane-ends.js';
import { WakeUps } from '../platform/pipelines/wake-ups.js';
import { Team } from './team.entity.js';
import { TeamData } from './team-data.js';
import { TEAM_REMOVAL } from './team-removal.js';

export interface DeletedTeam {
  id: string;
  name: string;
  deletedAt: Date;
}

/**
 * Deletes a team: one transaction decides it, and from its commit on no key of the team opens anything and no worker
 * can commit anything for it. Its rows go afterwards, in the background (TeamRemoval).
 */
@Injectable()
export class TeamDeletionService {
  private readonly logger = new Logger(TeamDeletionService.name);

  constructor(
    private readonly data: TeamData,
    private readonly lanes: LaneEnds,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** `name`: the team's exact name, as the confirmation. Of two who delete it at once the second changes nothing. */
  async delete(teamId: string, name: string, actor: string): Promise<DeletedTeam> {
    return this.transactions.run(async (tx) => {
      // Not FOR UPDATE, which would wait for everybody who writes a row that refers to the team.
      const lock = { mode: 'for_no_key_update' } as const;
      const team = await tx.manager.findOne(Team, { where: { id: teamId }, lock });
      if (!team) throw new ProductError('not_found', 'There is no such team.');
      if (team.name !== name) throw new ProductError('team_name_mismatch');
      const deletedAt = team.deletedAt ?? this.clock.now();
      if (team.deletedAt === null) {
        await tx.manager.update(Team, { id: teamId }, { deletedAt });
        await this.data.deleted(tx, teamId);
        await this.lanes.forget(tx, await this.data.lanesOf(tx, teamId));
        tx.afterCommit(() => this.logger.log({ team_id: teamId, actor }, 'a team is deleted; its rows are removed'));
      }
      this.wakeUps.wakeAfterCommit(tx, TEAM_REMOVAL, teamId);
      return { id: teamId, name, deletedAt };
    });
  }
}
