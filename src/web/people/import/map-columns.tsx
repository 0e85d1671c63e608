import { Alert, Button, Select, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { keptSamples } from './chosen-file';
import { ForgetFile } from './forget-file';
import { Result } from './result';
import { choicesFor, chosenColumns, type Columns, columnsProblem, suggested } from './suggest';
import type { PeopleImport } from './upload';

const LEFT_OUT = 'out';

/** Which column is what; then a try, or the import itself. */
export function MapColumns({ one }: { one: PeopleImport }) {
  const { id, rows } = one;
  const queries = useQueryClient();
  const [samples] = useState(() => keptSamples(id));
  const [columns, setColumns] = useState(() => columnsOf(one));
  const [shared, setShared] = useState(one.shared);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const problem = columnsProblem(columns);

  async function start(isTrial: boolean) {
    setBusy(true);
    setWrong(undefined);
    const body = { columns: chosenColumns(columns), shared, dry_run: isTrial };
    try {
      const begun = await answerOf(api.POST('/v1/people-imports/{id}/start', { params: { path: { id } }, body }));
      queries.setQueryData(['import', id], begun);
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  const isTried = one.state === 'done' && one.dry_run;
  const isAsTried = same(chosenColumns(columns), one.columns);
  return (
    <>
      <p>
        {rows === 1 ? 'One row was read.' : `${rows.toLocaleString('en')} rows were read.`} Say what the columns are;
        those that say nothing of a person are left out.
      </p>
      <ul className="columns">
        {Object.entries(columns).map(([header, field]) => (
          <li key={header}>
            <div>
              <strong>{header}</strong>
              <small title={samples[header]?.join(', ')}>{samples[header]?.join(', ')}</small>
            </div>
            <Select
              aria-label={`What ${header} is`}
              disabled={isOptOut(one, header)}
              allowDeselect={false}
              data={[{ value: LEFT_OUT, label: 'Leave out' }, ...choicesFor(header, field)]}
              value={field || LEFT_OUT}
              onChange={(value) => setColumns({ ...columns, [header]: value === LEFT_OUT ? '' : (value ?? '') })}
            />
          </li>
        ))}
      </ul>
      <Switch
        label="Share the new ones with the team"
        description="Without it, only you and admins see whom the file brings."
        checked={shared}
        onChange={({ currentTarget }) => setShared(currentTarget.checked)}
      />
      {one.state === 'stopped' && (
        <Alert color="red">
          {one.started_at !== null && 'The try stopped. '}
          {one.stopped_because}
        </Alert>
      )}
      {wrong !== undefined && (
        <Alert color="red" role="alert">
          {sentenceOf(wrong)}
        </Alert>
      )}
      {problem !== undefined && <p className="bad">{problem}</p>}
      {isTried && (
        <Result
          one={one}
          title={isAsTried ? 'Nobody was changed yet: this would happen' : 'With the columns as before'}
        />
      )}
      <div className="buttons buttons-left">
        <Button
          variant={isTried ? 'default' : 'filled'}
          disabled={problem !== undefined}
          loading={busy}
          onClick={() => void start(true)}
        >
          {isTried ? 'Try again' : 'Try first'}
        </Button>
        <Button
          variant={isTried ? 'filled' : 'default'}
          disabled={problem !== undefined || busy}
          onClick={() => void start(false)}
        >
          Import {rows.toLocaleString('en')} {rows === 1 ? 'row' : 'rows'}
        </Button>
        <ForgetFile id={id} />
      </div>
    </>
  );
}

/** What Salesforce says of opt-outs always counts. */
const isOptOut = ({ source, columns }: PeopleImport, header: string) =>
  source === 'salesforce' && columns[header] === 'unsubscribed';

/** As they were tried, else as their headers suggest. */
function columnsOf({ headers, columns }: PeopleImport): Columns {
  const named = headers.filter((header) => header !== '');
  if (Object.keys(columns).length === 0) return suggested(named);
  return Object.fromEntries(named.map((header) => [header, columns[header] ?? '']));
}

function same(one: Columns, other: Columns): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
