import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api } from '../../api/client';
import { Confirm } from '../../ui/confirm';
import { useRun } from '../../ui/use-run';

/** Before it is removed by itself, which is after 30 days. */
export function ForgetFile({ id }: { id: string }) {
  const [, go] = useLocation();
  const { run } = useRun([]);
  const [asks, setAsks] = useState(false);
  async function forget() {
    setAsks(false);
    const gone = await run(async () => {
      await answerOf(api.DELETE('/v1/people-imports/{id}', { params: { path: { id } } }));
      return true;
    }, 'The file and its report are removed.');
    if (gone) go('/people/import', { replace: true });
  }
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setAsks(true)}>
        Remove the file
      </Button>
      <Confirm
        opened={asks}
        title="Remove the file?"
        answers={[{ label: 'Remove the file', color: 'red', run: () => void forget() }]}
        onClose={() => setAsks(false)}
      >
        <p>The file and its report go; people who were imported stay. By itself it is removed after 30 days.</p>
      </Confirm>
    </>
  );
}
