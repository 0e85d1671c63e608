/** How far a talk with a mail server came. */
export const SMTP_STEPS = ['name', 'connection', 'encryption', 'log_in', 'sender', 'recipient', 'message'] as const;
export type SmtpStep = (typeof SMTP_STEPS)[number];

export interface SmtpFailure {
  step: SmtpStep;
  /** What is wrong and what to do, a sentence. */
  words: string;
  /** The server's own words, if it said anything. */
  said: string | null;
}

/** What nodemailer says of a failure (`code`, `command`) and what the server answered (RFC 5321, 4.2). */
export interface SmtpErrorFacts {
  code?: string;
  command?: string;
  response?: string | false;
  responseCode?: number;
  message: string;
  /** Of ours, where we know better what is wrong. */
  words?: string;
}

/** The code of our own refusal to connect. */
export const FORBIDDEN = 'EFORBIDDEN';

const SAID_LENGTH = 500;
const CERTIFICATE = /certificate|self-signed|altnames|CERT_|unable to verify/i;
const NOT_TLS = /wrong version number|EPROTO|packet length too long|ssl3_get_record/i;

/** Pure: what went wrong, in words for whoever sets the channel up. */
export function smtpFailure(error: SmtpErrorFacts): SmtpFailure {
  const said = typeof error.response === 'string' ? oneLine(error.response) : null;
  const step = stepOf(error);
  return { step, words: error.words ?? wordsOf(step, error), said };
}

function stepOf({ code = '', command = '', message }: SmtpErrorFacts): SmtpStep {
  if (code === 'EDNS' || code === FORBIDDEN || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name';
  if (code === 'ETLS' || CERTIFICATE.test(message) || NOT_TLS.test(message) || command === 'STARTTLS')
    return 'encryption';
  if (code === 'EAUTH' || /^AUTH/.test(command)) return 'log_in';
  if (command === 'MAIL FROM') return 'sender';
  if (command === 'RCPT TO') return 'recipient';
  return command === 'DATA' || code === 'EMESSAGE' || code === 'ESTREAM' ? 'message' : 'connection';
}

function wordsOf(step: SmtpStep, { code, responseCode, message }: SmtpErrorFacts): string {
  switch (step) {
    case 'name':
      if (code === FORBIDDEN) {
        return 'This name leads into an inner network: whoever runs Command Center can allow it (CHANNEL_INTERNAL_HOSTS).';
      }
      if (code === 'EAI_AGAIN') return 'The name cannot be looked up at this moment: try again in a few minutes.';
      return 'There is no server with this name: check how it is spelt.';
    case 'connection':
      if (code === 'ETIMEDOUT')
        return 'The server does not answer: check the port, and whether a firewall is in between.';
      if (code === 'EPROTOCOL') return 'What answers there is no mail server: check the port and the encryption.';
      return 'No connection: check the server and the port.';
    case 'encryption':
      if (CERTIFICATE.test(message)) {
        return 'The server’s certificate is not valid for this name, or nobody we trust issued it: check the name of the server.';
      }
      if (NOT_TLS.test(message))
        return 'The server does not encrypt from the first byte on this port: try STARTTLS, port 587.';
      return 'The server offers no encryption (STARTTLS) on this port: try TLS, port 465.';
    case 'log_in':
      if (responseCode === undefined)
        return 'The server offers no log-in that we know, or none before the connection is encrypted.';
      if (/\b5\.7\.139\b/.test(message)) {
        return 'The provider does not let this mailbox send by SMTP: its administrator allows “Authenticated SMTP” for it.';
      }
      if (responseCode >= 500)
        return 'Authentication unsuccessful: check the user name and the password; many providers want an app password.';
      return 'The server cannot check the log-in at this moment: try again in a few minutes.';
    case 'sender':
      return 'The server does not let this account send as this address: choose another address, or allow it there.';
    case 'recipient':
      return 'The server does not pass mail on (relay denied), or does not know the recipient: does it want a log-in?';
    case 'message':
      return 'The server took the addresses, but not the message.';
  }
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, SAID_LENGTH);
}
