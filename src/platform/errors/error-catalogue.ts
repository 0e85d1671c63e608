interface ErrorEntry {
  /** HTTP status it is answered with. */
  status: number;
  title: string;
  /** What the person can do. */
  advice: string;
}

/** Every failure a caller can meet: stable code → status, title, what to do. The HTTP documentation is made from it. */
export const errorCatalogue = {
  invalid_input: {
    status: 400,
    title: 'The input is not valid',
    advice: 'Correct the fields named in errors and send it again.',
  },
  unauthenticated: {
    status: 401,
    title: 'Sign in first',
    advice: 'Sign in, or send an API key: Authorization: Bearer cc_….',
  },
  sign_in_failed: {
    status: 401,
    title: 'The email address or the password is wrong',
    advice: 'Check both, or have a link for a new password sent to you.',
  },
  choose_team: {
    status: 409,
    title: 'You are in several teams',
    advice: 'Send the team_id of one of those named in errors.',
  },
  link_expired: {
    status: 422,
    title: 'This link no longer works',
    advice: 'It was used, or is too old: ask for a new one.',
  },
  cross_site_refused: {
    status: 403,
    title: 'Another site sent this',
    advice: 'Do it on the page of Command Center itself; a program uses an API key instead of a cookie.',
  },
  forbidden: {
    status: 403,
    title: 'This is not yours to do',
    advice: 'Ask an admin of your team for the right or the scope.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing here',
    advice: 'Check the id; it may be deleted, or not shared with you.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This cannot be done here',
    advice: 'Use one of the methods that Allow names.',
  },
  conflict: { status: 409, title: 'This does not fit the present state', advice: 'Read it again and decide anew.' },
  version_mismatch: {
    status: 412,
    title: 'Somebody changed it in between',
    advice: 'Read it again, then repeat your change with the new ETag.',
  },
  precondition_required: {
    status: 428,
    title: 'The version is missing',
    advice: 'Send If-Match with the ETag that you read.',
  },
  payload_too_large: { status: 413, title: 'The body is too large', advice: 'Send less at once.' },
  unsupported_media_type: {
    status: 415,
    title: 'The body is of another type',
    advice: 'Send JSON with Content-Type: application/json.',
  },
  unreadable_request: {
    status: 400,
    title: 'This is not a request that can be read',
    advice: 'Send well-formed HTTP/1.1.',
  },
  request_timeout: { status: 408, title: 'The request took too long to arrive', advice: 'Send it again.' },
  headers_too_large: {
    status: 431,
    title: 'The address and headers are too large',
    advice: 'Send less than 16 kB of them; long lists belong in the body.',
  },
  team_name_mismatch: {
    status: 422,
    title: 'This is not the name of the team',
    advice: 'Send the exact name of the team: it confirms that this team is to be deleted. Nothing was changed.',
  },
  assignee_not_in_salesforce: {
    status: 422,
    title: 'The assignee has no Salesforce user',
    advice: 'Ask an admin to match that person with a Salesforce user, or choose another assignee.',
  },
  sender_not_ready: {
    status: 409,
    title: 'You cannot send yet',
    advice: 'Add and confirm a sender address, and set up a delivery channel, under Settings → Email.',
  },
  mail_server_refused: {
    status: 502,
    title: 'The mail server did not take it',
    advice: 'Read what it said, correct the delivery channel, and test it again.',
  },
  task_away: {
    status: 409,
    title: 'The task is put away: it belongs to somebody else in Salesforce, or to an org that the team has left',
    advice:
      'Change its owner in Salesforce back to a rep who syncs, then edit it here; a task of an org that the team has left comes back with that org.',
  },
  salesforce_not_connected: {
    status: 409,
    title: 'Salesforce is not connected',
    advice: 'An admin connects it under Salesforce → Connection.',
  },
  salesforce_already_connected: {
    status: 409,
    title: 'This Salesforce org is connected already',
    advice: 'One org belongs to one team; disconnect it there first.',
  },
  salesforce_login_host: {
    status: 422,
    title: 'This log-in address is not allowed',
    advice:
      'Use login.salesforce.com, test.salesforce.com or your My Domain, or add the address to SALESFORCE_LOGIN_HOSTS.',
  },
  salesforce_sign_in_failed: {
    status: 502,
    title: 'Salesforce refused the log-in',
    advice: 'Try again; if it stays, check the External Client App.',
  },
  salesforce_unavailable: {
    status: 503,
    title: 'Salesforce does not answer',
    advice: 'Nothing is lost. Try again in a minute.',
  },
  sync_setting_locked: {
    status: 403,
    title: 'Your admin locked this setting',
    advice: 'Ask an admin to change it for you.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key belongs to another request',
    advice: 'Send a new key with a new request; the same key only with exactly the same request.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still running',
    advice: 'Wait as many seconds as Retry-After says, then send the same request again: it gets the first answer.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait as many seconds as Retry-After says, then go on more slowly.',
  },
  too_many_streams: {
    status: 429,
    title: 'Too many event streams are open',
    advice: 'Close some of your other streams of /v1/events: one for each browser or program is enough.',
  },
  unavailable: { status: 503, title: 'The service is not ready', advice: 'Try again in a moment.' },
  internal: {
    status: 500,
    title: 'Something broke on our side',
    advice: 'Try again; if it stays, tell your admin the request id.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
