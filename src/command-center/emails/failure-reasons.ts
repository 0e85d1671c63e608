/** Why an email was not sent or came back: code → what the person reads and does. The server's words stand beside it. */
export const FAILURE_REASONS = {
  no_address: 'This person has no email address: add one, then retry.',
  bad_address: 'The mail servers cannot take this address: correct it, then retry.',
  unsubscribed: 'This person unsubscribed from your team’s emails.',
  blocked_domain: 'Your team blocks emails to this domain.',
  missing_field: 'A dynamic field has no value for this person: fill it in or give it a fallback, then retry.',
  bad_content: 'The text has a mistake in its dynamic fields: correct it, then retry.',
  person_deleted: 'This person is deleted.',
  no_identity: 'The address it was to be sent from is not there any more, or not confirmed: choose one, then retry.',
  no_channel: 'The delivery channel that it was to leave by is removed: choose another for your address, then retry.',
  sender_left: 'Its sender is not active in the team any more.',
  refused: 'The mail server refused this email.',
  sender_refused:
    'The mail server passes on nothing from your address: check whether your channel may send as it, then retry.',
  too_many_tries: 'The mail server put it off again and again, until we gave up.',
  bounced: 'The recipient’s mail server does not take it.',
  spam: 'The recipient marked it as spam.',
  uncertain:
    'Delivery uncertain: the connection broke while it was being sent, so it may have arrived. Retry only if it does no harm that it may arrive twice.',
  // Of one that waits:
  put_off: 'The mail server put it off; it is tried again.',
  late: 'Command Center was not running when its time came; it leaves at the same time of the next day.',
} as const;

export type FailureReason = keyof typeof FAILURE_REASONS;
