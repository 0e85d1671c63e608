import { Alert, Button, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useTitle } from '../ui/use-title';
import { Door } from './door';

/** Where an invitation and the link for a new password lead. The link's secret stands after the #: it is in no log. */
export default function PasswordPage() {
  const [path, go] = useLocation();
  const title = path === '/accept-invitation' ? 'Welcome: choose a password' : 'Choose a new password';
  useTitle(title);
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    try {
      const me = await answerOf(api.POST('/v1/password', { body: { token: location.hash.slice(1), password } }));
      queries.clear();
      queries.setQueryData(['me'], me);
      go('/tasks', { replace: true });
    } catch (error) {
      setWrong(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Door title={title}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {wrong !== undefined && (
          <Alert color="red" role="alert" title={wrong instanceof Problem ? wrong.title : 'Something broke'}>
            {sentenceOf(wrong)}
          </Alert>
        )}
        <PasswordInput
          label="Password"
          description="At least 12 characters; a sentence is good."
          autoComplete="new-password"
          required
          autoFocus
          value={password}
          error={wrong instanceof Problem ? wrong.of('password') : undefined}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <Button type="submit" loading={busy} fullWidth>
          Set it and sign in
        </Button>
      </form>
      <p className="quiet">
        <Link href="/sign-in">Sign in instead</Link>
      </p>
    </Door>
  );
}
