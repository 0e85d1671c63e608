import { isPortFree } from '../servers/free-port.js';
import type { SupervisedProcess } from '../servers/supervised-process.js';
import type { DataFolder } from './data-folder.js';
import { runProgram } from './programs.js';
import type { Supervisor } from './supervisor.js';

/** What the mail world tells about itself when it is up. */
export interface MailFacts {
  /** The web mailbox. */
  url: string;
  smtpUrl: string;
}

/** Starts the mail world as a process of its own, at its last address where that is free. */
export async function startMail(
  { folder, databaseUrl }: { folder: DataFolder; databaseUrl: string },
  supervisor: Supervisor,
): Promise<{ child: SupervisedProcess; facts: MailFacts }> {
  const last = folder.state().mailboxPort;
  const port = last !== undefined && (await isPortFree(last)) ? last : 0;
  const logFile = folder.log('mail-world');
  return new Promise((resolve, reject) => {
    const child = runProgram({
      program: 'sandbox/mail-world/main',
      args: ['--web-port', String(port), '--database-url', databaseUrl],
      env: {},
      logFile,
      onLine: (line) => {
        if (line.startsWith('{"url"')) resolve({ child, facts: JSON.parse(line) as MailFacts });
      },
    });
    supervisor.addProgram('The mail world', child, logFile);
    supervisor.crash.catch(reject);
  });
}
