import type { Sandbox } from './set-up.js';
import type { Terminal } from './terminal.js';

/** Where everything is, and what to try first. */
export function showWhereToLook({ stack, team }: Sandbox, pollSeconds: number, terminal: Terminal): void {
  const [rep] = team.reps;
  const bearer = (key: string) => `-H 'Authorization: Bearer ${key}'`;
  terminal.heading('Where to look');
  terminal.line(`  API docs          ${terminal.paint('cyan', `${stack.apiUrl}/docs`)}`);
  terminal.line(`  Salesforce tasks  ${terminal.paint('cyan', `${stack.orgUrl}/`)}  (log in as any rep, no password)`);
  terminal.line(`  admin's key       ${team.adminKey}`);
  if (!rep) return;
  terminal.line(`  a rep's key       ${rep.key}  (${rep.name})`);
  terminal.heading('What to try');
  terminal.line(`  ${rep.name}'s tasks of today and tomorrow:`);
  terminal.line(`    curl ${bearer(rep.key)} ${stack.apiUrl}/v1/tasks`);
  terminal.line('  Complete one of them; moments later it is Completed in Salesforce:');
  terminal.line(`    curl -X POST ${bearer(rep.key)} ${stack.apiUrl}/v1/tasks/ID/complete`);
  terminal.line(`  Change a task on the Salesforce page: it arrives here within ${pollSeconds + 2} s.`);
}
