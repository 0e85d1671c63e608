import { Alert, Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { useTitle } from '../ui/use-title';
import { Door } from './door';

/** Asks for the link for a new password. */
export default function ForgotPage() {
  useTitle('New password');
  const [email, setEmail] = useState('');
  const [state, setState] = useState<'asking' | 'busy' | 'sent'>('asking');
  const [wrong, setWrong] = useState<unknown>(undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setState('busy');
    setWrong(undefined);
    try {
      await answerOf(api.POST('/v1/password-reset', { body: { email } }));
      setState('sent');
    } catch (error) {
      setWrong(error);
      setState('asking');
    }
  }

  return (
    <Door title="New password">
      {state === 'sent' ? (
        <p role="status">If this address belongs to somebody here, a mail with a link is on its way to it.</p>
      ) : (
        <form className="stack" onSubmit={(event) => void submit(event)}>
          {wrong !== undefined && (
            <Alert color="red" role="alert">
              {sentenceOf(wrong)}
            </Alert>
          )}
          <TextInput
            label="Email address"
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <Button type="submit" loading={state === 'busy'} fullWidth>
            Send the link
          </Button>
        </form>
      )}
      <p className="quiet">
        <Link href="/sign-in">Back to signing in</Link>
      </p>
    </Door>
  );
}
