import type { JsonClient } from '../http-json.js';
import type { OrgClient } from '../org-client.js';
import type { Rep } from '../team.js';
import { type Change, dayFromNow } from './changes.js';
import { editHere } from './changes-here.js';
import { deleteThere, editThere } from './changes-there.js';
import type { Card, Deck } from './deck.js';

type Fields = (index: number) => Record<string, unknown>;

/** On how many tasks, what is changed here and what there, at the same time; and whether both must last. */
const BOTH: [number: number, here: Fields, there: Fields, outcome: 'both kept' | 'conflict'][] = [
  [4, (i) => ({ name: `Both: named here ${i}` }), () => ({ ActivityDate: dayFromNow(30) }), 'both kept'],
  [3, () => ({ priority: 'high' }), (i) => ({ Description: `Both: noted there ${i}` }), 'both kept'],
  [2, () => ({ name: 'Both: the same' }), () => ({ Subject: 'Both: the same' }), 'both kept'],
  [4, (i) => ({ name: `Both: here ${i}` }), (i) => ({ Subject: `Both: there ${i}` }), 'conflict'],
  [3, () => ({ due_date: dayFromNow(11) }), () => ({ ActivityDate: dayFromNow(12) }), 'conflict'],
  [2, () => ({ details: 'Both: here' }), () => ({ Description: 'Both: there' }), 'conflict'],
];

/** Fields written differently on both sides, and the two edits that a deletion overrides: each goes on record. */
export const CONFLICTS = 11;

/** 20 tasks that are changed on both sides while nothing is synced in between. */
export function changesBoth(
  deck: Deck,
  as: (rep: Rep) => JsonClient,
  org: OrgClient,
): { here: Change[]; there: Change[] } {
  const here: Change[] = [];
  const there: Change[] = [];
  for (const [number, mine, theirs, outcome] of BOTH) {
    const kept = outcome === 'both kept' ? (change: Change) => change : unclaimed;
    deck.dealOpen(number).forEach((card, index) => {
      here.push(kept(editHere('both', as(card.rep), card, mine(index))));
      there.push(kept(editThere('both', org, card, theirs(index))));
    });
  }
  const [deletedHere, deletedThere] = deck.dealOpen(2) as [Card, Card];
  here.push(deleteHere(as(deletedHere.rep), deletedHere));
  there.push(unclaimed(editThere('both', org, deletedHere, { Subject: 'Both: edited there' })));
  here.push(unclaimed(editHere('both', as(deletedThere.rep), deletedThere, { name: 'Both: edited here' })));
  there.push(deleteThere(org, deletedThere));
  return { here, there };
}

/** A change that the other side may override. */
function unclaimed(change: Change): Change {
  return {
    what: change.what,
    make: async () => {
      await change.make();
      return undefined;
    },
  };
}

function deleteHere(client: JsonClient, { taskId }: Card): Change {
  return {
    what: 'both, deleted here',
    make: async () => {
      await client.send('DELETE', `/v1/tasks/${taskId}`);
      return { side: 'here', id: taskId, fields: { deleted: true } };
    },
  };
}
