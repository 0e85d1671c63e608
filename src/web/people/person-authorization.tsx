import { Button } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../api/client';
import { Confirm } from '../ui/confirm';
import { AuthorizationForm } from './authorization-form';
import { AuthorizationHistory } from './authorization-history';
import { authorizationLine, GROUNDS } from './authorization-words';
import type { Person } from './people-query';
import { usePersonAct } from './use-person-act';

/** On what ground (GDPR) the team writes to them. */
export function PersonAuthorization({ person }: { person: Person }) {
  const { act } = usePersonAct(person.id);
  const [asks, setAsks] = useState<'change' | 'withdraw'>();
  const { authorization } = person;
  const close = () => setAsks(undefined);
  const withdraw = () => {
    close();
    const params = { path: { id: person.id } };
    void act(() => answerOf(api.DELETE('/v1/people/{id}/authorization', { params })), 'No ground is noted any more.');
  };
  return (
    <section aria-label="Authorization">
      <h2 className="small-head">Why you may write to them</h2>
      {authorization ? (
        <p className="ground">
          <strong>{GROUNDS[authorization.type]}</strong>
          <span className="quiet">{authorizationLine(authorization)}</span>
        </p>
      ) : (
        <p className="quiet">No ground is noted (GDPR article 6).</p>
      )}
      {asks === 'change' ? (
        <AuthorizationForm key={authorization?.at} person={person} onClose={close} />
      ) : (
        <div className="buttons buttons-left">
          <Button size="compact-sm" variant="subtle" onClick={() => setAsks('change')}>
            {authorization ? 'Change the ground' : 'Note the ground'}
          </Button>
          {authorization && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAsks('withdraw')}>
              It holds no longer
            </Button>
          )}
        </div>
      )}
      <AuthorizationHistory personId={person.id} since={authorization?.at ?? null} />
      <Confirm
        opened={asks === 'withdraw'}
        title={`No ground to write to ${person.name}?`}
        answers={[{ label: 'It holds no longer', color: 'red', run: withdraw }]}
        onClose={close}
      >
        <p>The history keeps it. Emails still go out: unsubscribe them as well if they want none.</p>
      </Confirm>
    </section>
  );
}
