import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useTitle } from '../ui/use-title';
import { Door } from './door';

/** Where a link that signs one in leads. Its secret stands after the #, so that it is in no log. */
export default function LinkPage() {
  useTitle('Signing in');
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [wrong, setWrong] = useState<unknown>(undefined);
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    const token = location.hash.slice(1);
    answerOf(api.POST('/v1/session/link', { body: { token } }))
      .then((me) => {
        queries.clear();
        queries.setQueryData(['me'], me);
        go('/tasks', { replace: true });
      })
      .catch(setWrong);
  }, [go, queries]);
  if (wrong === undefined) {
    return (
      <Door title="Signing in …">
        <p>One moment.</p>
      </Door>
    );
  }
  return (
    <Door title={wrong instanceof Problem ? wrong.title : 'This did not work'}>
      <p role="alert">{sentenceOf(wrong)}</p>
      <Button component={Link} href="/sign-in">
        Sign in with your password
      </Button>
    </Door>
  );
}
