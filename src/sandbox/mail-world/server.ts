import { Attempts } from './attempts.js';
import { Faults } from './faults.js';
import { startMailbox } from './http.js';
import { Provider } from './provider.js';
import { Reception } from './reception.js';
import { startSmtp } from './smtp.js';
import { MailStore } from './store.js';

export interface MailWorldOptions {
  databaseUrl: string;
  host?: string;
  /** 0, or left out: a free one. */
  smtpPort?: number;
  webPort?: number;
  now?: () => Date;
}

export interface MailWorld {
  /** As SMTP_URL takes it. */
  smtpUrl: string;
  smtpPort: number;
  /** The web mailbox. */
  url: string;
  webPort: number;
  close(): Promise<void>;
}

/** The mail world of the sandbox: a server that takes mail, and a mailbox to read it in. It keeps its mail between starts. */
export async function startMailWorld(options: MailWorldOptions): Promise<MailWorld> {
  if (process.env.NODE_ENV === 'production') throw new Error('The mail world does not run in production.');
  const { databaseUrl, host = '127.0.0.1', smtpPort = 0, webPort = 0, now = () => new Date() } = options;
  const store = await MailStore.connect(databaseUrl);
  const faults = new Faults();
  const attempts = new Attempts(now);
  const provider = new Provider(store.pool, now);
  const reception = new Reception(faults, attempts, (message, summary) => store.add(message, summary, now()));
  const smtp = await startSmtp({ reception, provider }, host, smtpPort);
  const mailbox = await startMailbox({ store, faults, attempts, provider }, host, webPort);
  return {
    smtpUrl: `smtp://${host}:${smtp.port}`,
    smtpPort: smtp.port,
    url: mailbox.url,
    webPort: mailbox.port,
    close: async () => {
      await smtp.close();
      await mailbox.close();
      await store.close();
    },
  };
}
