import { isPortFree } from '../servers/free-port.js';
import type { SupervisedProcess } from '../servers/supervised-process.js';
import type { DataFolder } from './data-folder.js';
import { runProgram } from './programs.js';
import type { Supervisor } from './supervisor.js';

/** What the simulated org tells about itself when it is up. */
export interface OrgFacts {
  url: string;
  clientId: string;
  clientSecret: string;
  tasks: number;
  seeded: boolean;
}

/** Starts the simulated org as a process of its own, at its last address where that is free. */
export async function startOrg(
  options: { folder: DataFolder; tasks: number; databaseUrl: string },
  supervisor: Supervisor,
): Promise<{ child: SupervisedProcess; facts: OrgFacts }> {
  const { folder, tasks, databaseUrl } = options;
  const lastPort = folder.state().orgPort;
  const port = lastPort !== undefined && (await isPortFree(lastPort)) ? lastPort : 0;
  const logFile = folder.log('salesforce-org');
  return new Promise((resolve, reject) => {
    const child = runProgram({
      program: 'sandbox/salesforce-org/main',
      args: ['--json', '--port', String(port), '--tasks', String(tasks), '--database-url', databaseUrl],
      env: {},
      logFile,
      onLine: (line) => {
        if (line.startsWith('{"url"')) resolve({ child, facts: JSON.parse(line) as OrgFacts });
      },
    });
    supervisor.addProgram('The simulated Salesforce org', child, logFile);
    supervisor.crash.catch(reject);
  });
}
