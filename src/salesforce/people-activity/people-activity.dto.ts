export class SalesforceActivity {
  /** Of the Task in Salesforce */
  id: string;
  kind: 'call' | 'email' | 'task';
  subject: string;
  status: string;
  /** When it was done; null: not known */
  at: Date | null;
  /** Whose it is in Salesforce */
  owner: string;
  /** What came of a call, in Salesforce's words */
  result: string | null;
}

export class SalesforceActivityList {
  /** The newest first, at most 50 */
  data: SalesforceActivity[];
}
