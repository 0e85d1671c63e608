export const TYPE_NAMES = { custom: 'Task', call: 'Call', email: 'Email', inmail: 'InMail' } as const;
export const PRIORITY_NAMES = { low: 'Low', normal: 'Normal', high: 'High' } as const;
export const FIELD_LABELS = {
  name: 'the name',
  details: 'the details',
  due_date: 'the due date',
  type: 'the type',
  priority: 'the priority',
  assignee_id: 'the assignee',
  person_id: 'the person',
  reminder_at: 'the reminder',
  call_outcome: 'the call outcome',
  call_reason: 'the call reason',
} as const;
