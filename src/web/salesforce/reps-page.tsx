import { Alert, Button, Checkbox, Modal, Progress, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { sentenceOf } from '../api/problem';
import { Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';
import { ChooseMatch } from './choose-match';

type Scope = Schemas['PreviewRequestDto']['scope'];
type Enrolment = Schemas['EnrolmentDto'];

const SCOPES = [
  { value: 'recent', label: 'Changed in the last 24 hours' },
  { value: 'due', label: 'These, and open ones due today or later or without a date' },
  { value: 'open', label: 'These, and every open one' },
  { value: 'all', label: 'All' },
] as const;

const STATES: Record<Enrolment['state'], [string, string]> = {
  off: ['Off', 'off'],
  queued: ['Starting', 'waiting'],
  reading: ['First sync', 'waiting'],
  synced: ['In step', 'good'],
  cancelled: ['First sync stopped', 'waiting'],
};

export function RepsPage() {
  const users = useQuery({
    queryKey: ['users'],
    queryFn: () => answerOf(api.GET('/v1/users', { params: { query: { limit: 200 } } })),
  });
  const enrolments = useQuery({
    queryKey: ['sync', 'enrolments'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/users')),
    refetchInterval: ({ state }) => (state.data?.some(isReading) ? 1_000 : 30_000),
  });
  const matches = useQuery({
    queryKey: ['sync', 'org-users'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/users')),
    staleTime: 60_000,
    retry: false,
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [enabling, setEnabling] = useState(false);
  const [matching, setMatching] = useState<{ id: string; name: string } | undefined>(undefined);
  const { run, busy } = useRun(['sync', 'status']);
  if (users.isPending || enrolments.isPending) return <PageLoading />;
  if (!users.data) return <Failed error={users.error} retry={() => void users.refetch()} />;

  const byUser = new Map((enrolments.data ?? []).map((enrolment) => [enrolment.user_id, enrolment]));
  const matchOf = new Map((matches.data?.data ?? []).map((there) => [there.user_id, there.username]));
  const people = users.data.data.filter(({ active }) => active);
  const ids = [...selected];
  const set = (enabled: boolean, scope?: Scope) =>
    run(
      () =>
        answerOf(
          api.PUT('/v1/salesforce/task-sync/users', { body: { user_ids: ids, enabled, ...(scope && { scope }) } }),
        ),
      ({ results }) => {
        const refused = results.filter(({ ok }) => !ok);
        const text = `${results.length - refused.length} of ${results.length} changed.`;
        return refused[0] ? `${text} ${refused[0].error?.detail ?? ''}` : text;
      },
    ).then(() => setSelected(new Set()));

  return (
    <>
      {matches.isError && <Alert color="yellow">{sentenceOf(matches.error)}</Alert>}
      <div className="buttons buttons-left buttons-spaced">
        <Button disabled={ids.length === 0} onClick={() => setEnabling(true)}>
          Turn sync on …
        </Button>
        <Button variant="default" disabled={ids.length === 0} loading={busy} onClick={() => void set(false)}>
          Turn off
        </Button>
        <Button
          variant="default"
          onClick={() =>
            void run(
              () => answerOf(api.POST('/v1/salesforce/users/match')),
              ({ data }) =>
                `${data.filter(({ salesforce_user: user }) => user !== null).length} of ${data.length} matched.`,
            )
          }
        >
          Match users
        </Button>
      </div>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>
                <Checkbox
                  aria-label="Select everybody"
                  checked={ids.length > 0 && ids.length === people.length}
                  indeterminate={ids.length > 0 && ids.length < people.length}
                  onChange={({ currentTarget }) =>
                    setSelected(new Set(currentTarget.checked ? people.map(({ id }) => id) : []))
                  }
                />
              </th>
              <th>Person</th>
              <th>Salesforce user</th>
              <th>Task sync</th>
            </tr>
          </thead>
          <tbody>
            {people.map(({ id, name }) => (
              <tr key={id}>
                <td>
                  <Checkbox
                    aria-label={`Select ${name}`}
                    checked={selected.has(id)}
                    onChange={() => {
                      const next = new Set(selected);
                      if (!next.delete(id)) next.add(id);
                      setSelected(next);
                    }}
                  />
                </td>
                <td>{name}</td>
                <td>
                  {matchOf.get(id) ?? <span className="quiet">none</span>}{' '}
                  {matches.data && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Choose the Salesforce user of ${name}`}
                      onClick={() => setMatching({ id, name })}
                    >
                      Choose
                    </Button>
                  )}
                </td>
                <td className="nowrap">
                  <State enrolment={byUser.get(id)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {matching && matches.data && (
        <ChooseMatch user={matching} there={matches.data.data} onClose={() => setMatching(undefined)} />
      )}
      <Enable
        opened={enabling}
        ids={ids}
        onClose={() => setEnabling(false)}
        onEnable={(scope) => {
          setEnabling(false);
          void set(true, scope);
        }}
      />
    </>
  );
}

const isReading = ({ state }: Enrolment) => state === 'queued' || state === 'reading';

function State({ enrolment }: { enrolment: Enrolment | undefined }) {
  const [text, tone] = STATES[enrolment?.state ?? 'off'];
  const run = useQuery({
    queryKey: ['sync', 'run', enrolment?.run_id],
    queryFn: () =>
      answerOf(api.GET('/v1/salesforce/task-sync/runs/{id}', { params: { path: { id: enrolment?.run_id ?? '' } } })),
    enabled: enrolment !== undefined && isReading(enrolment) && enrolment.run_id !== null,
    refetchInterval: 1_000,
  });
  const { done = 0, total = null } = run.data ?? {};
  return (
    <>
      <span className={`dot dot-${tone}`} aria-hidden="true" /> {text}
      {enrolment?.locked && <span className="quiet"> locked</span>}
      {run.data && total !== null && total > 0 && (
        <>
          <Progress
            value={(100 * done) / total}
            aria-label={`First sync: ${done} of ${total} tasks`}
            className="progress"
          />
          <small className="quiet">
            {done.toLocaleString('en')} of {total.toLocaleString('en')} tasks
          </small>
        </>
      )}
    </>
  );
}

interface EnableProps {
  opened: boolean;
  ids: string[];
  onClose(): void;
  onEnable(scope: Scope): void;
}

/** What turning it on would do, before it is done. */
function Enable({ opened, ids, onClose, onEnable }: EnableProps) {
  const [scope, setScope] = useState<NonNullable<Scope>>('due');
  const preview = useQuery({
    queryKey: ['preview', ids],
    queryFn: () => answerOf(api.POST('/v1/salesforce/task-sync/preview', { body: { user_ids: ids, scope } })),
    enabled: opened && ids.length > 0,
    staleTime: 0,
  });
  const unmatched = preview.data?.unmatched_user_ids.length ?? 0;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Turn task sync on"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        <Select
          label="Which Salesforce tasks are imported at first"
          allowDeselect={false}
          data={SCOPES.map(({ value, label }) => ({
            value,
            label: preview.data ? `${label}: ${preview.data.scopes[value].toLocaleString('en')}` : label,
          }))}
          value={scope}
          onChange={(value) => setScope(value as NonNullable<Scope>)}
        />
        {preview.isError && (
          <Alert color="red" role="alert">
            {sentenceOf(preview.error)}
          </Alert>
        )}
        {preview.isFetching && <p className="quiet">Counting in Salesforce …</p>}
        {preview.data && (
          <p>
            {preview.data.scopes[scope].toLocaleString('en')} tasks of {ids.length - unmatched}{' '}
            {ids.length - unmatched === 1 ? 'person' : 'people'} are imported, with about{' '}
            {preview.data.api_calls.toLocaleString('en')} API calls. Nothing that is here already is sent to Salesforce;
            what is added from now on goes both ways.
          </p>
        )}
        {unmatched > 0 && (
          <Alert color="yellow">
            {unmatched} of them {unmatched === 1 ? 'has' : 'have'} no Salesforce user: match users first.
          </Alert>
        )}
        <div className="buttons">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={() => onEnable(scope)} data-autofocus>
            Turn on
          </Button>
        </div>
      </div>
    </Modal>
  );
}
