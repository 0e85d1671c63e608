import { Alert, Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useTitle } from '../ui/use-title';
import { Door } from './door';
import { safeReturn } from './safe-return';
import { signInProblem } from './sign-in-problem';

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
  const ways = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => answerOf(api.GET('/v1/sign-in')),
    staleTime: Infinity,
  });
  const outside = signInProblem(search.get('problem'));
  const returnTo = safeReturn(search.get('return_to'));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    try {
      const body = { email, password, ...(team !== null && { team_id: team }) };
      queries.setQueryData(['me'], await answerOf(api.POST('/v1/session', { body })));
      go(returnTo, { replace: true });
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
      {outside && wrong === undefined && (
        <Alert color="red" role="alert" title={outside.title} mb="md">
          {outside.text}
        </Alert>
      )}
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
      {ways.data?.salesforce && (
        <div className="stack or">
          <span className="quiet">or</span>
          <Button
            component="a"
            href={`/v1/sign-in/salesforce?return_to=${encodeURIComponent(returnTo)}`}
            variant="default"
            fullWidth
          >
            Sign in with Salesforce
          </Button>
        </div>
      )}
      <p className="quiet">
        <Link href="/sign-in/forgot">No password yet, or lost?</Link>
      </p>
    </Door>
  );
}
