import { Alert, Button, Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';

type User = Schemas['UserView'];
type Departure = Schemas['DeactivationView'];

const KEEP = 'nobody';

/** Ends a colleague's work here, and gives what they hold to somebody else. */
export function DeactivateUser({ user, others, onClose }: { user: User; others: readonly User[]; onClose(): void }) {
  const departure = useQuery({
    queryKey: ['deactivation', user.id],
    queryFn: () => answerOf(api.GET('/v1/users/{id}/deactivation', { params: { path: { id: user.id } } })),
    refetchInterval: ({ state }) => (state.data?.hand_over?.state === 'running' ? 1_000 : false),
  });
  return (
    <Modal opened onClose={onClose} title={titleOf(user)} closeButtonProps={{ 'aria-label': 'Close' }}>
      {departure.isPending && <PageLoading />}
      {departure.isError && <Failed error={departure.error} retry={() => void departure.refetch()} />}
      {departure.data && <Choice user={user} others={others} departure={departure.data} onClose={onClose} />}
    </Modal>
  );
}

interface ChoiceProps {
  user: User;
  others: readonly User[];
  departure: Departure;
  onClose(): void;
}

function Choice({ user, others, departure, onClose }: ChoiceProps) {
  const { run, busy } = useRun(['users', 'deactivation']);
  const [heir, setHeir] = useState<string | null>(null);
  const held = heldWords(departure);
  const running = departure.hand_over?.state === 'running';
  const asks = held !== '' && !running;
  async function submit() {
    const to = heir === null || heir === KEEP ? {} : { hand_over_to: heir };
    const params = { path: { id: user.id } };
    const done = user.active ? `${user.name} can do nothing here any more.` : 'It is being handed over.';
    const result = await run(() => answerOf(api.POST('/v1/users/{id}/deactivation', { params, body: to })), done);
    if (result && result.hand_over?.state !== 'running') onClose();
  }
  return (
    <div className="stack">
      <HandOverState departure={departure} />
      {user.active && (
        <p>
          They are signed out everywhere, their keys stop working, and their task sync ends. Activate them again at any
          time.
        </p>
      )}
      {held !== '' && (
        <p>
          {user.name} holds <strong>{held}</strong>.
        </p>
      )}
      {asks && (
        <Select
          label="Who takes over?"
          placeholder="Choose somebody"
          searchable
          value={heir}
          onChange={setHeir}
          data={[
            ...others.map(({ id, name }) => ({ value: id, label: name })),
            ...(user.active ? [{ value: KEEP, label: 'Nobody for now: it stays theirs' }] : []),
          ]}
        />
      )}
      <div className="buttons">
        <Button variant="default" onClick={onClose}>
          {running || !(user.active || asks) ? 'Close' : 'Cancel'}
        </Button>
        {(user.active || asks) && (
          <Button
            color={user.active ? 'red' : undefined}
            loading={busy}
            disabled={asks && heir === null}
            onClick={() => void submit()}
          >
            {user.active ? 'Deactivate' : 'Hand over'}
          </Button>
        )}
      </div>
    </div>
  );
}

function HandOverState({ departure }: { departure: Departure }) {
  const { hand_over: handOver, holds } = departure;
  if (!handOver) return null;
  const moved = countWords(holds.map(({ kind, moved: count }) => ({ kind, count })));
  const kept = countWords(holds.map(({ kind, kept: count }) => ({ kind, count })));
  const to = handOver.to.name;
  if (handOver.state === 'running') {
    return (
      <Alert color="blue" role="status" title={`Being handed over to ${to}`}>
        {moved === '' ? 'It has begun.' : `${moved} so far.`} It goes on when you close this.
      </Alert>
    );
  }
  return (
    <>
      {moved !== '' && (
        <Alert color="green" role="status" title={`Handed over to ${to}`}>
          {moved}.
        </Alert>
      )}
      {kept !== '' && (
        <Alert color="yellow" role="alert" title={`${kept} stayed theirs`}>
          {handOver.kept_because}
        </Alert>
      )}
      {handOver.stopped_because !== null && (
        <Alert color="yellow" role="alert" title="The handing over has stopped">
          {handOver.stopped_because}
        </Alert>
      )}
    </>
  );
}

const titleOf = ({ name, active }: User) => (active ? `Deactivate ${name}` : `What ${name} held`);

function heldWords({ holds }: Departure): string {
  return countWords(holds.map(({ kind, held }) => ({ kind, count: held })));
}

/** Pure: `3 open tasks and 1 person`; nothing of what there is none of. */
function countWords(counts: readonly { kind: string; count: number }[]): string {
  return counts
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count.toLocaleString()} ${nameOf(kind, count)}`)
    .join(' and ');
}

function nameOf(kind: string, count: number): string {
  if (kind === 'tasks') return count === 1 ? 'open task' : 'open tasks';
  if (kind === 'people') return count === 1 ? 'person' : 'people';
  if (kind === 'templates') return count === 1 ? 'template' : 'templates';
  if (kind === 'groups') return count === 1 ? 'group' : 'groups';
  return kind;
}
