import { select } from '../compare-read.js';
import { StartRefused } from '../start-refused.js';
import type { Rep } from '../team.js';

/** A task that is the same on both sides, and whose it is. */
export interface Card {
  taskId: string;
  salesforceId: string;
  rep: Rep;
  personId: string | null;
  whoId: string | null;
}

interface CardRow extends Omit<Card, 'rep'> {
  assigneeId: string;
  status: string;
}

/** Tasks to change, dealt one by one, each once, from all reps in turn. */
export class Deck {
  private constructor(
    private readonly open: Card[],
    private readonly closed: Card[],
    /** Never dealt: a rep goes on seeing these people, whatever becomes of the other tasks. */
    private readonly kept: Card[],
  ) {}

  static async read(databaseUrl: string, reps: readonly Rep[]): Promise<Deck> {
    const rows = await select<CardRow>(
      databaseUrl,
      `SELECT t.id AS "taskId", k.salesforce_id AS "salesforceId", t.assignee_id AS "assigneeId", t.status,
              t.person_id AS "personId", t.who_id AS "whoId"
       FROM tasks t JOIN task_links k ON k.team_id = t.team_id AND k.task_id = t.id
       WHERE k.salesforce_id IS NOT NULL AND NOT k.archived AND t.deleted_at IS NULL AND t.away_since IS NULL
       ORDER BY row_number() OVER (PARTITION BY t.assignee_id, t.status ORDER BY k.salesforce_id), t.assignee_id`,
    );
    const byId = new Map(reps.map((rep) => [rep.userId, rep]));
    const cards = rows.flatMap(({ assigneeId, status, ...card }) => {
      const rep = byId.get(assigneeId);
      return rep ? [{ status, card: { ...card, rep } }] : [];
    });
    const of = (isOpen: boolean) =>
      cards.filter(({ status }) => (status === 'open') === isOpen).map(({ card }) => card);
    const open = of(true);
    const kept = reps.flatMap((rep) =>
      open.filter((card) => card.rep === rep && card.personId && card.whoId).slice(0, 2),
    );
    return new Deck(
      open.filter((card) => !kept.includes(card)),
      of(false),
      kept,
    );
  }

  dealOpen(number: number): Card[] {
    return deal(this.open, number, 'open');
  }

  dealClosed(number: number): Card[] {
    return deal(this.closed, number, 'completed');
  }

  /** Another person that this rep deals with. */
  otherPerson(card: Card): { personId: string; whoId: string } | undefined {
    const other = this.kept.find(({ rep, personId }) => rep === card.rep && personId !== card.personId);
    return other?.personId && other.whoId ? { personId: other.personId, whoId: other.whoId } : undefined;
  }
}

function deal(cards: Card[], number: number, kind: string): Card[] {
  if (cards.length >= number) return cards.splice(0, number);
  throw new StartRefused(
    `There are too few ${kind} tasks to change: ${cards.length} left, ${number} wanted. Use more --tasks.`,
  );
}
