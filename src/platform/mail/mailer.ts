import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { Config } from '../../config/config.js';

export interface Mail {
  to: { name: string; address: string };
  subject: string;
  text: string;
  html?: string;
}

/** No later attempt can help: the server refused the address or the message. */
export class MailRefusedError extends Error {}

const TIMEOUT_MS = 10_000;

/** Sends the mails of the product itself, over SMTP. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private transport: Transporter | undefined;

  constructor(private readonly config: Config) {}

  get configured(): boolean {
    return this.config.get('SMTP_URL') !== '';
  }

  /** Resolves when the server has taken it. */
  async send(mail: Mail): Promise<void> {
    try {
      await this.open().sendMail({
        ...mail,
        from: this.config.get('MAIL_FROM'),
        // RFC 3834: no out-of-office answer to this.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      if (isRefusal(error)) throw new MailRefusedError((error as Error).message, { cause: error });
      throw error;
    }
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }

  private open(): Transporter {
    this.transport ??= createTransport({
      url: this.config.get('SMTP_URL'),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
    });
    return this.transport;
  }
}

/** A 5xx to the envelope or the message (RFC 5321, 4.2.1); one to the log-in is a mistake of the configuration. */
function isRefusal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return (responseCode ?? 0) >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}
