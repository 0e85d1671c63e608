// Whom a refusal (5xx) is about. Many servers say what they think of the sender only when they are told the recipient, or
// have the message; that must not be held against the recipient. Statuses: RFC 3463, RFC 5248, RFC 7293.

/** The sender's address does not exist, for this server. */
const SENDER = /^5\.1\.[78]$/;
/** The recipient: not there, moved, full, or the account or the address is somebody else's by now. */
const RECIPIENT = /^5\.(1\.([1-6]|9|10)|2\.\d{1,2}|7\.(13|17|18))$/;
/** Microsoft 365 says so only when it has the message. */
const SEND_AS = /SendAsDenied|permissions? to send as/i;
const ABOUT_SENDER = [
  /relay(ing)?( access)?( is)? (denied|not (permitted|allowed)|prohibited|disabled)/i,
  /(unable|not (permitted|allowed|authori[sz]ed)|refus\w+|will not|do(es)? not|cannot|can't) to? ?relay|rcpthosts/i,
  /authentication (is )?(required|needed)|not (been )?authenticated|must (be authenticated|authenticate|log ?in)/i,
  /sender (address )?(rejected|refused|denied)|sender verify|not owned by (user|sender)/i,
  /not (permitted|allowed|authori[sz]ed) to (use|send (as|from|mail|email))/i,
  SEND_AS,
];

/** Pure: the server will not pass on what this sender sends, whoever it is for. */
export function isAboutSender(response: string, to: 'recipient' | 'message'): boolean {
  if (to === 'message') return SEND_AS.test(response);
  const status = statusOf(response);
  if (status !== undefined && SENDER.test(status)) return true;
  if (status !== undefined && RECIPIENT.test(status)) return false;
  // An address in the answer may be called anything.
  const words = response.replace(/<[^>]*>|\S+@\S+/g, '');
  return ABOUT_SENDER.some((one) => one.test(words));
}

/** Pure: a rule of the server's forbids it; the recipient is there, for all that it says. */
export function isPolicy(response: string): boolean {
  const status = statusOf(response);
  return status !== undefined && status.startsWith('5.7.') && !RECIPIENT.test(status);
}

function statusOf(response: string): string | undefined {
  return /(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/.exec(response)?.[0];
}
