import { Injectable } from '@nestjs/common';

/** SQL of the ids of the people that a user has to do with, given the placeholders of team and user. */
export type InvolvementSql = (team: string, user: string) => string;

/**
 * Whoever has a task with a person sees that person. People know nothing of tasks: what makes somebody involved
 * registers here.
 */
@Injectable()
export class PeopleInvolvement {
  private readonly reasons: InvolvementSql[] = [];

  register(reason: InvolvementSql): void {
    this.reasons.push(reason);
  }

  /** A subquery of person ids; of none, while nobody registered. */
  idsSql(team: string, user: string): string {
    if (this.reasons.length === 0) return 'SELECT NULL::uuid';
    return this.reasons.map((reason) => reason(team, user)).join(' UNION ALL ');
  }
}
