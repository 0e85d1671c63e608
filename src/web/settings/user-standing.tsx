import { Alert, Button, Code } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useRun } from '../ui/use-run';

type User = Schemas['UserView'];

/** How somebody comes in: when they were last here, whether they accepted, and what is wrong with their mail. */
export function Standing({ user }: { user: User }) {
  const { standing } = user;
  if (!standing || !user.active) return null;
  const problem = standing.mail_problem;
  const waits = standing.invitation !== null;
  return (
    <div className="quiet">
      {problem ? problemWords(problem) : stateWords(standing)}
      {waits && <InviteAgain user={user} />}
    </div>
  );
}

function InviteAgain({ user }: { user: User }) {
  const { run, busy } = useRun(['users']);
  const [link, setLink] = useState<string | undefined>(undefined);
  const send = () =>
    run(
      () => answerOf(api.POST('/v1/users/{id}/invitation', { params: { path: { id: user.id } } })),
      `${user.name} is invited again; the link from before no longer works.`,
    );
  return (
    <>
      {' '}
      <Button
        size="compact-xs"
        variant="default"
        loading={busy}
        aria-label={`Invite again: ${user.name}`}
        onClick={() => void send().then((invited) => setLink(invited?.link))}
      >
        Invite again
      </Button>
      {link !== undefined && (
        <Alert color="green" role="alert" title="No mail server is set: pass this link on yourself">
          <Code block>{link}</Code>
        </Alert>
      )}
    </>
  );
}

function stateWords({ last_seen_at: seen, invitation }: Schemas['UserStandingView']): string {
  const day = (at: string) => new Date(at).toLocaleDateString();
  switch (invitation?.state) {
    case 'mailing':
      return 'The invitation is being mailed.';
    case 'sent':
      return `Invited; the link works until ${day(invitation.expires_at ?? '')}.`;
    case 'expired':
      return 'The invitation has expired.';
    default:
      return seen === null ? '' : `Last here on ${day(seen)}.`;
  }
}

function problemWords({ kind, reason, given_up: givenUp }: Schemas['MailProblemView']): string {
  const what = kind === 'invitation' ? 'The invitation' : 'The mail for a new password';
  const then = givenUp
    ? 'It is not tried again: check the address and the mail server.'
    : 'It is tried again by itself.';
  return `${what} was not taken by the mail server: “${reason}”. ${then}`;
}
