/** A row of the org's own table of tasks. */
export interface ThereTask {
  id: string;
  subject: string | null;
  status: string;
  priority: string | null;
  /** YYYY-MM-DD */
  activityDate: string | null;
  description: string | null;
  isReminderSet: boolean;
  reminderAt: Date | null;
  ownerId: string;
  whoId: string | null;
  whoName: string | null;
  whoEmail: string | null;
  whatId: string | null;
  whatName: string | null;
  taskSubtype: string | null;
  isClosed: boolean;
  isDeleted: boolean;
  isRecurrence: boolean;
  createdAt: Date;
  completedAt: Date | null;
  lastModifiedAt: Date;
  /** What an integration wrote into the unique key field. */
  key: string | null;
}

/** A row of our tasks, with the record that it is linked to. */
export interface HereTask {
  id: string;
  name: string;
  status: string;
  priority: string;
  /** YYYY-MM-DD */
  dueDate: string | null;
  details: string | null;
  reminderAt: Date | null;
  assigneeId: string;
  assigneeEmail: string;
  personName: string | null;
  personEmail: string | null;
  whoId: string | null;
  whatId: string | null;
  whatName: string | null;
  isDeleted: boolean;
  isAway: boolean;
  /** Came from Salesforce; else it was made here. */
  imported: boolean;
  createdAt: Date;
  salesforceId: string | null;
}

/** A rep whose sync is on. */
export interface RepRow {
  userId: string;
  email: string;
  salesforceUserId: string;
  scope: 'open' | 'all';
  enrolledAt: Date;
}

export interface Rows {
  there: ThereTask[];
  /** As they were right before the sync was turned on. */
  thereBefore: ThereTask[];
  here: HereTask[];
  reps: RepRow[];
  /** Email of each user there, by id. */
  emails: ReadonlyMap<string, string>;
}

export interface FieldDifference {
  field: string;
  here: string;
  there: string;
}

export interface Difference extends FieldDifference {
  salesforceId: string | null;
  taskId: string | null;
}
