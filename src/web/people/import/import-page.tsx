import { Alert, Button, Progress } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'wouter';
import { answerOf, api } from '../../api/client';
import { Failed, PageLoading } from '../../ui/states';
import { useRun } from '../../ui/use-run';
import { useTitle } from '../../ui/use-title';
import { ForgetFile } from './forget-file';
import { MapColumns } from './map-columns';
import { Result } from './result';
import { Steps } from './steps';
import type { PeopleImport } from './upload';

const ASK_AGAIN_MS = 700;

/** An import at an address of its own: whoever comes back goes on where it was. */
export function ImportPage() {
  useTitle('Import · People');
  const { id = '' } = useParams<{ id: string }>();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['import', id],
    queryFn: () => answerOf(api.GET('/v1/people-imports/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (isBusy(state.data) ? ASK_AGAIN_MS : false),
  });
  const isDone = query.data?.state === 'done' && !query.data.dry_run;
  useEffect(() => {
    if (isDone) void queries.invalidateQueries({ queryKey: ['people'] });
  }, [isDone, queries]);
  if (query.isPending) return <PageLoading />;
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data;
  const isBegun = one.started_at !== null && !one.dry_run;
  const isEmpty = one.state === 'stopped' && one.rows === 0;
  return (
    <Steps at={isBegun ? 2 : 1}>
      {isBusy(one) ? (
        <Running one={one} />
      ) : isEmpty ? (
        <NothingRead one={one} />
      ) : isBegun ? (
        <Ended one={one} />
      ) : (
        <MapColumns key={one.finished_at} one={one} />
      )}
    </Steps>
  );
}

const isBusy = (one: PeopleImport | undefined) => one?.state === 'running' || one?.state === 'uploading';

function Running({ one }: { one: PeopleImport }) {
  const { rows, rows_done: done, dry_run: isTrial, state } = one;
  if (state === 'uploading') {
    const read =
      one.source === 'file'
        ? 'The file is being read …'
        : `${rows.toLocaleString('en')} records read from Salesforce …`;
    return <p role="status">{read}</p>;
  }
  return (
    <div className="card stack" role="status">
      <h2>{isTrial ? 'Looking what would happen' : 'Importing'}</h2>
      <Progress value={rows > 0 ? (done / rows) * 100 : 0} animated aria-label="Rows done" />
      <p className="quiet">
        {done.toLocaleString('en')} of {rows.toLocaleString('en')} rows. It goes on when you leave this page.
      </p>
    </div>
  );
}

function NothingRead({ one: { stopped_because: because } }: { one: PeopleImport }) {
  return (
    <>
      <Alert color="yellow" role="alert">
        {because}
      </Alert>
      <div className="buttons buttons-left">
        <Button component={Link} href="/people/import/salesforce">
          Change the conditions
        </Button>
      </div>
    </>
  );
}

function Ended({ one }: { one: PeopleImport }) {
  const { run, busy } = useRun(['import']);
  const { id, columns, shared } = one;
  const goOn = () =>
    run(
      () =>
        answerOf(api.POST('/v1/people-imports/{id}/start', { params: { path: { id } }, body: { columns, shared } })),
      'The import goes on.',
    );
  return (
    <>
      {one.state === 'stopped' && (
        <Alert color="red" role="alert" title="The import stopped">
          <p>{one.stopped_because ?? 'It ended before the last row.'} What was done stays done.</p>
          {one.rows_done < one.rows && (
            <Button size="compact-md" loading={busy} onClick={() => void goOn()}>
              Go on
            </Button>
          )}
        </Alert>
      )}
      <Result one={one} title={one.state === 'stopped' ? 'So far' : 'The people are imported'} />
      <div className="buttons buttons-left">
        <Button component={Link} href="/people">
          See the people
        </Button>
        <Button component={Link} href="/people/import" variant="default">
          Import another file
        </Button>
        <ForgetFile id={id} />
      </div>
    </>
  );
}
