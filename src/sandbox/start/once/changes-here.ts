import { apiClient, type JsonClient } from '../http-json.js';
import type { Rep, Team } from '../team.js';
import { type Change, dayFromNow, hourFromNow } from './changes.js';
import type { Card, Deck } from './deck.js';

type Edit = (card: Card, index: number) => Record<string, unknown>;
type As = (rep: Rep) => JsonClient;

const LONG_NAME = `${'Ask about the renewal, the seats and the start date. '.repeat(6)}😀`;

/** The fields that are edited here, how many tasks of each, and to what. */
const EDITS: [what: string, number: number, edit: Edit][] = [
  [
    'name',
    24,
    (_, i) => ({ name: i === 0 ? LONG_NAME : i === 1 ? 'Two lines\r\nin one name' : `Renamed here ${i} ✎` }),
  ],
  ['priority', 18, (_, i) => ({ priority: ['high', 'low', 'normal'][i % 3] })],
  ['due date', 18, (_, i) => ({ due_date: i % 6 === 0 ? null : dayFromNow(i - 4) })],
  ['details', 22, (_, i) => ({ details: i % 5 === 0 ? '' : `  Noted here ${i}\r\nSecond line · “quoted”  ` })],
  ['reminder', 14, (_, i) => ({ reminder_at: i % 4 === 3 ? null : hourFromNow(i + 1) })],
];

/** 180 changes on this side, as the reps (and for what only they may, the admin) make them over the API. */
export function changesHere(deck: Deck, team: Team, apiUrl: string): Change[] {
  const as = clients(team.reps, apiUrl);
  return [
    ...EDITS.flatMap(([what, number, edit]) =>
      deck.dealOpen(number).map((card, index) => editHere(what, as(card.rep), card, edit(card, index))),
    ),
    ...people(deck, as),
    ...reassignments(deck, team),
    ...verbs(deck.dealOpen(20), as, 'complete', 'completed'),
    ...verbs(deck.dealOpen(3), as, 'skip', 'skipped'),
    ...verbs(deck.dealClosed(8), as, 'reopen', 'open'),
    ...reschedulings(deck, as),
    ...creations(team, as),
    ...deletions(deck, as),
  ];
}

export function editHere(what: string, client: JsonClient, card: Card, fields: Record<string, unknown>): Change {
  return {
    what: `${what} here`,
    make: async () => {
      await client.send('PATCH', `/v1/tasks/${card.taskId}`, fields);
      return { side: 'here', id: card.taskId, fields };
    },
  };
}

function people(deck: Deck, as: As): Change[] {
  return deck.dealOpen(8).map((card, index) => {
    const other = index % 4 === 0 ? undefined : deck.otherPerson(card);
    return editHere('person', as(card.rep), card, { person_id: other?.personId ?? null });
  });
}

function reassignments(deck: Deck, { admin, reps }: Team): Change[] {
  return deck.dealOpen(8).map((card, index) => {
    const next = reps.filter((other) => other !== card.rep)[index % (reps.length - 1)];
    return editHere('assignee', admin, card, { assignee_id: next?.userId });
  });
}

function verbs(cards: Card[], as: As, verb: string, status: string): Change[] {
  return cards.map(({ rep, taskId }) => ({
    what: `${verb} here`,
    make: async () => {
      await as(rep).send('POST', `/v1/tasks/${taskId}/${verb}`);
      return { side: 'here', id: taskId, fields: { status } };
    },
  }));
}

function reschedulings(deck: Deck, as: As): Change[] {
  return deck.dealOpen(6).map(({ rep, taskId }, index) => ({
    what: 'reschedule in bulk here',
    make: async () => {
      const fields = { due_date: dayFromNow(index) };
      await as(rep).send('POST', '/v1/tasks/bulk', { ids: [taskId], action: 'reschedule', ...fields });
      return { side: 'here', id: taskId, fields };
    },
  }));
}

/** Some are renamed or completed at once: the second change meets the first one on its way. */
function creations({ reps }: Team, as: As): Change[] {
  return Array.from({ length: 21 }, (_, index) => {
    const client = as(reps[index % reps.length] as Rep);
    const body = {
      name: `Made here ${index}`,
      type: ['custom', 'call', 'email', 'inmail'][index % 4],
      priority: ['normal', 'high', 'low'][index % 3],
      due_date: index % 5 === 0 ? null : dayFromNow(index),
      details: index % 2 === 0 ? `Details of ${index}\nSecond line` : null,
      reminder_at: index % 3 === 0 ? hourFromNow(index + 2) : null,
    };
    return {
      what: 'create here',
      make: async () => {
        const { id } = await client.send<{ id: string }>('POST', '/v1/tasks', body);
        const name = index % 7 === 1 ? `${body.name}, and renamed` : body.name;
        if (name !== body.name) await client.send('PATCH', `/v1/tasks/${id}`, { name });
        const status = index % 7 === 2 ? 'completed' : 'open';
        if (status !== 'open') await client.send('POST', `/v1/tasks/${id}/complete`);
        return { side: 'here', id, fields: { ...body, name, status } };
      },
    };
  });
}

/** Two of them are taken back at once. */
function deletions(deck: Deck, as: As): Change[] {
  return deck.dealOpen(10).map(({ rep, taskId }, index) => ({
    what: 'delete here',
    make: async () => {
      await as(rep).send('DELETE', `/v1/tasks/${taskId}`);
      const deleted = index >= 2;
      if (!deleted) await as(rep).send('POST', `/v1/tasks/${taskId}/restore`);
      return { side: 'here', id: taskId, fields: { deleted } };
    },
  }));
}

/** A client of each rep, with their own key. */
export function clients(reps: readonly Rep[], apiUrl: string): As {
  const made = new Map(reps.map((rep) => [rep.userId, apiClient(apiUrl, rep.key)]));
  return (rep) => made.get(rep.userId) ?? apiClient(apiUrl, rep.key);
}
