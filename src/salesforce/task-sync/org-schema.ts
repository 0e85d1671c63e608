/** What a team's own org looks like, as far as tasks need it: read from TaskStatus, TaskPriority and Task's describe. */
export interface OrgSchema {
  /** In the order of the picklist. */
  statuses: readonly { value: string; isClosed: boolean; isDefault: boolean }[];
  priorities: readonly { value: string; isHigh: boolean; isDefault: boolean }[];
  keyField: KeyFieldState;
}

/** Whether the unique key field can carry our creates. Anything but `ready` means: import only. */
export type KeyFieldState = 'ready' | 'missing' | 'not_unique' | 'not_writable';

/** Custom Activity field, Text(64), External ID, Unique: makes a create repeatable without a double. */
export const KEY_FIELD = 'Command_Center_Key__c';

export const keyFieldAdvice: Record<KeyFieldState, string> = {
  ready: 'Two-way sync is on.',
  missing:
    `Sync imports only: the Activity field ${KEY_FIELD} is missing or hidden. 1. In Setup → Object Manager → Activity → ` +
    'Fields, make a Text field of 64 characters with that name, marked External ID and Unique. 2. Give the integration ' +
    'user alone read and edit access to it. 3. Press “Check again” here.',
  not_unique:
    `Sync imports only: the field ${KEY_FIELD} is not marked External ID and Unique, so a repeated create could make a ` +
    'double. Mark it so in Setup → Object Manager → Activity → Fields, then press “Check again” here.',
  not_writable:
    `Sync imports only: the integration user cannot edit ${KEY_FIELD}. Give that user edit access to it (permission ` +
    'set → Object Settings → Task), then press “Check again” here.',
};

interface DescribedField {
  name: string;
  unique?: boolean;
  externalId?: boolean;
  createable?: boolean;
}

export function keyFieldState(fields: readonly DescribedField[]): KeyFieldState {
  const field = fields.find((candidate) => candidate.name === KEY_FIELD);
  if (!field) return 'missing';
  if (!field.unique || !field.externalId) return 'not_unique';
  return field.createable ? 'ready' : 'not_writable';
}

/** The status an open task gets: the default if it is open, else the first open one. */
export function openStatus(schema: OrgSchema, chosen: string | null): string {
  if (chosen) return chosen;
  const open = schema.statuses.filter((status) => !status.isClosed);
  return (open.find((status) => status.isDefault) ?? open[0])?.value ?? 'Not Started';
}

/** The status a completed task gets: Completed if it is closed there, else the first closed one. */
export function completedStatus(schema: OrgSchema, chosen: string | null): string {
  if (chosen) return chosen;
  const closed = schema.statuses.filter((status) => status.isClosed);
  return (closed.find((status) => status.value === 'Completed') ?? closed[0])?.value ?? 'Completed';
}
