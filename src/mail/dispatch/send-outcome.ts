import type { SmtpErrorFacts } from '../channels/smtp-failure.js';

/** What a channel as a whole has: its log-in is refused; its server is busy or gone. */
export type ChannelTrouble = 'log_in' | 'server' | null;

/**
 * What became of a message. `later`: it was not taken, and may be tried again. `doubt`: the connection broke after the
 * message began to leave, so nobody knows. `response`: the server's words, or what happened to the connection.
 */
export type SendOutcome =
  | { kind: 'delivered'; response: string; refused: readonly string[] }
  | { kind: 'bounced'; response: string }
  | { kind: 'failed'; response: string }
  | { kind: 'later'; response: string; trouble: ChannelTrouble }
  | { kind: 'doubt'; response: string };

const LOG_IN = new Set([530, 534, 535, 538]);
const WORDS_MAX = 1_000;

/**
 * Pure: what a failure means (RFC 5321, 4.2.1). The server's reply decides before the code that nodemailer gives, which
 * calls a reply of 4xx EENVELOPE, too. `began`: the message had begun to leave.
 */
export function outcomeOf(error: SmtpErrorFacts, began: boolean): Exclude<SendOutcome, { kind: 'delivered' }> {
  const code = error.responseCode;
  const response = wordsOf(typeof error.response === 'string' ? error.response : error.message);
  if (code === undefined || code < 400) {
    return began ? { kind: 'doubt', response } : { kind: 'later', response, trouble: 'server' };
  }
  if (LOG_IN.has(code)) return { kind: 'later', response, trouble: 'log_in' };
  // 421: the server closes. 503: it lost count of the commands; the message is as good as before.
  if (code === 421 || code === 503) return { kind: 'later', response, trouble: 'server' };
  if (code < 500) return { kind: 'later', response, trouble: null };
  return error.command === 'RCPT TO' ? { kind: 'bounced', response } : { kind: 'failed', response };
}

function wordsOf(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX);
}
