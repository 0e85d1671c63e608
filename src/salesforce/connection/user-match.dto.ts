import { IsString, MaxLength } from 'class-validator';
import type { MatchedBy, MatchOutcome } from './user-matching.js';

export class ChooseMatch {
  /** Id of an active standard user of the org, 15 or 18 characters
   * @example "005xx0000012Q9PAAU" */
  @IsString()
  @MaxLength(18)
  salesforce_user_id: string;
}

/** A Salesforce user, and which of ours it is */
export class OrgUserView {
  /** Salesforce user id */
  id: string;
  username: string;
  email: string;
  name: string;
  /** Our user; null: nobody */
  user_id: string | null;
  matched_by: MatchedBy | null;
}

export class OrgUserList {
  data: OrgUserView[];
}

export class MatchCandidate {
  /** Salesforce user id */
  id: string;
  username: string;
  email: string;
  name: string;
}

/** What matching found for one of our users */
export class MatchResultView {
  user_id: string;
  name: string;
  email: string;
  outcome: MatchOutcome;
  matched_by: MatchedBy | null;
  /** Why it came out so, a sentence */
  reason: string;
  /** The matched Salesforce user */
  salesforce_user: MatchCandidate | null;
  /** Those that fit where none was chosen */
  candidates: MatchCandidate[];
}

export class MatchResultList {
  data: MatchResultView[];
}

export class MatchView {
  user_id: string;
  salesforce_user: MatchCandidate;
  matched_by: MatchedBy;
}
