import { isAboutSender, isPolicy } from './refusals.js';
import { type SmtpErrorFacts, smtpFailure } from '../channels/smtp-failure.js';

/**
 * `auth`, `sender`: the channel, or this address on it, and so every other email by it would fail the same way; `server`: it
 * is busy or gone.
 */
export type ChannelTrouble = 'auth' | 'sender' | 'server' | null;

export type SendOutcome =
  | { kind: 'delivered'; response: string; refusedRecipients: RefusedRecipient[] }
  /** The server will have nothing for this person. */
  | { kind: 'bounced'; response: string; channelTrouble: ChannelTrouble }
  | { kind: 'failed'; reason: 'server_refused'; response: string; channelTrouble: ChannelTrouble }
  /** Not accepted, and worth another try. */
  | { kind: 'later'; response: string; channelTrouble: ChannelTrouble }
  /** It may have been accepted, or not. */
  | { kind: 'doubt'; words: string };

/** Somebody in copy who did not get it. */
export interface RefusedRecipient {
  address: string;
  response: string;
}

/** A reply of the server's, or a broken connection, as nodemailer tells it. */
export interface SendFacts extends SmtpErrorFacts {
  recipient?: string;
  rejectedErrors?: SendFacts[];
}

export interface SentSoFar {
  /** The server asked for the message. */
  begun: boolean;
  /** All its bytes were given away, so that its end may have left. */
  drained: boolean;
}

// RFC 4954, 6: a log-in is wanted or was not good enough. These meet every email of the channel.
const AUTH_CODES = new Set([530, 534, 535, 538]);
// RFC 5321: the server closes (421); commands out of order (503), which is about the talk, not the message.
const PASSING_CODES = new Set([421, 503]);

/** Pure: what became of a message that was not accepted. The server's reply counts before nodemailer's own codes. */
export function outcomeOf(error: SendFacts, { begun, drained }: SentSoFar): SendOutcome {
  const code = error.responseCode ?? 0;
  const response = smtpFailure(error).said ?? error.message;
  if (code < 400 || code > 599) {
    if (error.code === 'EMESSAGE' && error.command === 'MAIL FROM') return tooLarge(error);
    if (drained)
      return { kind: 'doubt', words: `The server took the message, but did not confirm it: ${error.message}.` };
    // A message without its end is none. What breaks in the middle may be about this one: others are not kept waiting.
    return { kind: 'later', response, channelTrouble: begun ? null : 'server' };
  }
  const channelTrouble = troubleOf(error, code);
  if (code < 500 || PASSING_CODES.has(code)) return { kind: 'later', response, channelTrouble };
  if (error.command === 'RCPT TO' && channelTrouble === null && !isPolicy(response)) {
    return { kind: 'bounced', response, channelTrouble };
  }
  return { kind: 'failed', reason: 'server_refused', response, channelTrouble };
}

/** The server told its limit (RFC 1870) before anything was sent. */
function tooLarge({ message }: SendFacts): SendOutcome {
  const bytes = Number(/allowed (\d+)/.exec(message)?.[1]);
  const most = Number.isNaN(bytes) ? '' : ` of at most ${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const response = `The mail server takes messages${most}: this one is larger, with its files encoded.`;
  return { kind: 'failed', reason: 'server_refused', response, channelTrouble: null };
}

/** What the server said of one recipient, if it refused them. */
export function refusalOf(address: string, refusals: readonly SendFacts[] | undefined): SendFacts | undefined {
  return refusals?.find(({ recipient }) => recipient === address);
}

function troubleOf(error: SendFacts, code: number): ChannelTrouble {
  if (AUTH_CODES.has(code)) return 'auth';
  if (PASSING_CODES.has(code)) return 'server';
  if (code < 500) return null;
  // 552: too large, which is about this message.
  if (error.command === 'MAIL FROM') return code === 552 ? null : 'sender';
  const response = smtpFailure(error).said ?? '';
  return isAboutSender(response, error.command === 'RCPT TO' ? 'recipient' : 'message') ? 'sender' : null;
}
