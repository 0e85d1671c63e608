import type { Task } from '../stand-in/org-data.js';

/** What both sides agree on after a row was read, in the form in which it is kept: without it no result is the same. */
export function agreedOf(row: Task) {
  const there = {
    Subject: text(row.Subject),
    Status: text(row.Status),
    Priority: text(row.Priority),
    ActivityDate: row.ActivityDate,
    Description: text(row.Description),
    ReminderDateTime: row.IsReminderSet && row.ReminderDateTime ? `${row.ReminderDateTime.slice(0, 19)}Z` : null,
    OwnerId: row.OwnerId,
    WhoId: row.WhoId,
    WhatId: row.WhatId,
  };
  const here = {
    name: there.Subject ?? '(no subject)',
    status: row.IsClosed ? 'completed' : 'open',
    priority: row.Priority === 'High' ? 'high' : row.Priority === 'Low' ? 'low' : 'normal',
  };
  return { there, here };
}

function text(value: string | null): string | null {
  return value?.replace(/\r\n?/g, '\n').trim() || null;
}
