import type { OrgClient } from '../org-client.js';
import type { Rep } from '../team.js';
import { type Change, dayFromNow, hourFromNow } from './changes.js';
import type { Card, Deck } from './deck.js';

type Edit = (card: Card, index: number) => Record<string, unknown>;

/** The fields that are edited in Salesforce, how many tasks of each, and to what. */
const EDITS: [what: string, number: number, edit: Edit][] = [
  ['Subject', 24, (_, i) => ({ Subject: i === 0 ? 'X'.repeat(255) : `  Renamed there ${i} ✎ ` })],
  ['Priority', 18, (_, i) => ({ Priority: ['High', 'Low', 'Normal'][i % 3] })],
  ['ActivityDate', 22, (_, i) => ({ ActivityDate: i % 6 === 0 ? null : dayFromNow(i - 4) })],
  ['Description', 22, (_, i) => ({ Description: i % 5 === 0 ? '' : `Noted there ${i}\r\nSecond line  ` })],
  ['ReminderDateTime', 14, (_, i) => reminder(i % 4 === 3 ? null : hourFromNow(i + 1))],
  ['open Status', 12, (_, i) => ({ Status: ['In Progress', 'Waiting on someone else', 'Deferred'][i % 3] })],
  ['Status Completed', 20, () => ({ Status: 'Completed' })],
];

const reminder = (at: string | null) => ({ IsReminderSet: at !== null, ReminderDateTime: at });

/** 180 changes on the other side, as the reps make them in Salesforce. */
export function changesThere(deck: Deck, org: OrgClient, reps: readonly Rep[], outsiderId: string): Change[] {
  const edits = EDITS.flatMap(([what, number, fields]) =>
    deck.dealOpen(number).map((card, index) => editThere(what, org, card, fields(card, index))),
  );
  const people = deck.dealOpen(8).map((card, index) => {
    const whoId = index % 4 === 0 ? null : (deck.otherPerson(card)?.whoId ?? null);
    // A task about a lead can have no related record.
    return editThere('WhoId', org, card, { WhoId: whoId, ...(whoId?.startsWith('00Q') ? { WhatId: null } : {}) });
  });
  const owners = deck.dealOpen(8).map((card, index) => {
    const others = reps.filter((rep) => rep !== card.rep);
    // Two leave the reps who sync.
    const next = index < 2 ? outsiderId : others[index % others.length]?.salesforceUserId;
    return editThere('OwnerId', org, card, { OwnerId: next });
  });
  const reopened = deck.dealClosed(8).map((card) => editThere('reopen', org, card, { Status: 'Not Started' }));
  const deleted = deck.dealOpen(8).map((card) => deleteThere(org, card));
  return [...edits, ...people, ...owners, ...reopened, ...deleted, ...creations(org, reps)];
}

export function editThere(what: string, org: OrgClient, card: Card, fields: Record<string, unknown>): Change {
  return {
    what: `${what} there`,
    make: async () => {
      await org.as(card.rep.salesforceUserId, 'PATCH', `sobjects/Task/${card.salesforceId}`, fields);
      return { side: 'there', id: card.salesforceId, fields };
    },
  };
}

export function deleteThere(org: OrgClient, { rep, salesforceId }: Card): Change {
  return {
    what: 'delete there',
    make: async () => {
      await org.as(rep.salesforceUserId, 'DELETE', `sobjects/Task/${salesforceId}`);
      return { side: 'there', id: salesforceId, fields: { deleted: true } };
    },
  };
}

/** New tasks, and two logged calls, which are none. */
function creations(org: OrgClient, reps: readonly Rep[]): Change[] {
  return Array.from({ length: 16 }, (_, index) => {
    const rep = reps[index % reps.length] as Rep;
    const isLogged = index >= 14;
    const fields = {
      Subject: isLogged ? 'Call, logged' : `Made there ${index}`,
      Status: isLogged ? 'Completed' : index % 3 === 0 ? 'In Progress' : 'Not Started',
      Priority: ['Normal', 'High', 'Low'][index % 3],
      TaskSubtype: index % 2 === 0 ? 'Call' : 'Task',
      ActivityDate: index % 5 === 0 ? null : dayFromNow(index),
      Description: index % 2 === 0 ? 'Made in Salesforce' : null,
    };
    return {
      what: 'create there',
      make: async () => {
        const { id } = await org.as<{ id: string }>(rep.salesforceUserId, 'POST', 'sobjects/Task', fields);
        return { side: 'there', id, fields };
      },
    };
  });
}
