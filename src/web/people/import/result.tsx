import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { useToasts } from '../../ui/toasts';
import { downloadReport } from './report';
import type { PeopleImport } from './upload';

const SHOWN = 50;

/** What became, or would become, of the rows. */
export function Result({ one, title }: { one: PeopleImport; title: string }) {
  const { counts } = one;
  const facts = [
    ['New', counts.created],
    ['Changed', counts.updated],
    ['As they were', counts.unchanged],
    ['Refused', counts.refused],
  ] as const;
  return (
    <section className="card stack" aria-label="Result">
      <h2>{title}</h2>
      <dl className="figures">
        {facts.map(([name, count]) => (
          <div key={name} className={name === 'Refused' && count > 0 ? 'figure-bad' : ''}>
            <dt>{name}</dt>
            <dd>{count.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      {counts.refused > 0 && <Refused one={one} />}
      <Report one={one} />
    </section>
  );
}

function Refused({ one: { id, finished_at: at, counts } }: { one: PeopleImport }) {
  const rows = useQuery({
    queryKey: ['import-rows', id, at],
    queryFn: () =>
      answerOf(
        api.GET('/v1/people-imports/{id}/rows', {
          params: { path: { id }, query: { outcome: 'refused', limit: SHOWN } },
        }),
      ),
  });
  if (rows.isError) return <p className="bad">{sentenceOf(rows.error)}</p>;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Refused rows">
      <table className="table">
        <thead>
          <tr>
            <th>Row</th>
            <th>Why it was refused</th>
          </tr>
        </thead>
        <tbody>
          {rows.data?.data.map(({ row, reason }) => (
            <tr key={row}>
              <td>{row.toLocaleString('en')}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {counts.refused > SHOWN && <p className="quiet">The first {SHOWN}. The report has all of them.</p>}
    </div>
  );
}

function Report({ one }: { one: PeopleImport }) {
  const { say } = useToasts();
  const [part, setPart] = useState<number>();
  async function fetchIt() {
    setPart(0);
    await downloadReport(one, setPart).catch((error: unknown) => say({ text: sentenceOf(error), kind: 'error' }));
    setPart(undefined);
  }
  return (
    <div>
      <Button
        variant="default"
        disabled={part !== undefined}
        leftSection={<IconDownload size={16} aria-hidden="true" />}
        onClick={() => void fetchIt()}
      >
        {part === undefined ? 'Download the report' : `Gathering it: ${Math.round(part * 100)} %`}
      </Button>
    </div>
  );
}
