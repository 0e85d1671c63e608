import type { Sandbox } from './set-up.js';
import type { Stack } from './stack.js';
import type { Team } from './team.js';
import type { Terminal } from './terminal.js';

const WEEK_MINUTES = 10_080;

/** Where everything is, and what to try first. */
export async function showWhereToLook(sandbox: Sandbox, pollSeconds: number, terminal: Terminal): Promise<void> {
  const { stack, team } = sandbox;
  const [rep] = team.reps;
  const bearer = (key: string) => `-H 'Authorization: Bearer ${key}'`;
  terminal.heading('Where to look');
  if (rep) terminal.line(`  As ${rep.name}:  ${terminal.paint('cyan', await signInLink(stack, team, rep.userId))}`);
  terminal.line(`  As the admin:     ${terminal.paint('cyan', await signInLink(stack, team, team.adminId))}`);
  terminal.line(`  API docs          ${terminal.paint('cyan', `${stack.apiUrl}/docs`)}`);
  terminal.line(`  Salesforce tasks  ${terminal.paint('cyan', `${stack.orgUrl}/`)}  (log in as any rep, no password)`);
  terminal.line(
    `  Mail              ${terminal.paint('cyan', `${stack.mailboxUrl}/`)}  (what the reps’ emails brought to whom; invitations, codes)`,
  );
  terminal.line(`  admin's key       ${team.adminKey}`);
  if (!rep) return;
  terminal.line(`  a rep's key       ${rep.key}  (${rep.name})`);
  terminal.heading('What to try');
  terminal.line('  Open the page as a rep, and complete a task: moments later it is Completed in Salesforce.');
  terminal.line('  Open Emails: the fifty are filed by what became of them. Write one; it arrives in the mailbox.');
  terminal.line('  Or by the API; a rep’s tasks of today and tomorrow:');
  terminal.line(`    curl ${bearer(rep.key)} ${stack.apiUrl}/v1/tasks`);
  terminal.line(`    curl -X POST ${bearer(rep.key)} ${stack.apiUrl}/v1/tasks/ID/complete`);
  terminal.line(`  Change a task on the Salesforce page: it arrives here within ${pollSeconds + 2} s.`);
}

/** A link that opens the page as somebody, without a password: whoever reads this terminal owns the sandbox. */
async function signInLink(stack: Stack, team: Team, userId: string): Promise<string> {
  const validity = ['--minutes', String(WEEK_MINUTES), '--uses', '1000'];
  const text = await stack.cli(['user', 'sign-in-link', '--team', team.id, '--user', userId, ...validity, '--json']);
  return (JSON.parse(text) as { link: string }).link;
}
