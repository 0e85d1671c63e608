/** An org that the team had before, and what of it waits to be used again */
export class LeftOrgView {
  org_id: string;
  linked_tasks: number;
}

/** What leaving the present org sets aside: it is used again if the team comes back to that org */
export class OrgSwitchPreview {
  /** What `leave_org` has to be; null: there is none to leave */
  org_id: string | null;
  org_name: string | null;
  is_sandbox: boolean | null;
  /** Tasks that are in that org: they are put away with it */
  linked_tasks: number;
  /** Reps who sync: they are turned off */
  reps_syncing: number;
  /** Users matched with a Salesforce user */
  matched_users: number;
  /** Conflicts whose losing value could still be restored */
  open_conflicts: number;
  left_before: LeftOrgView[];
}
