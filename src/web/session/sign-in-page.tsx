import { Alert, Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useTitle } from '../ui/use-title';
import { Door } from './door';
import { safeReturn } from './safe-return';

export default function SignInPage() {
  useTitle('Sign in');
  const [, go] = useLocation();
  const search = new URLSearchParams(useSearch());
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [teams, setTeams] = useState<{ value: string; label: string }[]>([]);
  const [team, setTeam] = useState<string | null>(null);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    try {
      const body = { email, password, ...(team !== null && { team_id: team }) };
      queries.setQueryData(['me'], await answerOf(api.POST('/v1/session', { body })));
      go(safeReturn(search.get('return_to')), { replace: true });
    } catch (error) {
      if (error instanceof Problem && error.code === 'choose_team') {
        setTeams(error.fields.map(({ value = '', message }) => ({ value, label: message })));
      } else setWrong(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Door title="Sign in">
      <form onSubmit={(event) => void submit(event)} className="stack">
        {wrong !== undefined && (
          <Alert color="red" role="alert" title={wrong instanceof Problem ? wrong.title : 'Something broke'}>
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
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        {teams.length > 0 && (
          <Select label="Your address is in several teams" data={teams} value={team} onChange={setTeam} required />
        )}
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </form>
      <p className="quiet">
        <Link href="/sign-in/forgot">No password yet, or lost?</Link>
      </p>
    </Door>
  );
}
