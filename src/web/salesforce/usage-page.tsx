import { Alert, Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';
import { byHour } from './usage-hours';

const HOURS = 24;

export function UsagePage() {
  const usage = useQuery({
    queryKey: ['sync', 'usage'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/api-usage', { params: { query: { hours: HOURS } } })),
    refetchInterval: 60_000,
  });
  if (usage.isPending) return <PageLoading />;
  if (!usage.data) return <Failed error={usage.error} retry={() => void usage.refetch()} />;
  const { sentence, calls, own_calls: own } = usage.data;
  const hours = byHour(calls, HOURS, new Date());
  const most = Math.max(1, ...hours.map(({ calls: n }) => n));
  return (
    <>
      <Alert color="gray">{sentence}</Alert>
      <section className="card" aria-label="Calls by hour">
        <h2>{own.toLocaleString('en')} calls in the last 24 hours</h2>
        <ol className="bars" aria-label="Calls in each hour">
          {hours.map(({ hour, calls: n }) => (
            <li key={hour} title={`${hour}: ${n} calls`}>
              <span className="bar" style={{ height: `${Math.max(n > 0 ? 3 : 0, (100 * n) / most)}%` }} />
              <span className="sr-only">
                {hour}: {n} calls
              </span>
            </li>
          ))}
        </ol>
        <div className="bars-axis quiet" aria-hidden="true">
          <span>{hours[0]?.hour}</span>
          <span>now</span>
        </div>
      </section>
      <Budget usage={usage.data} />
    </>
  );
}

function Budget({ usage }: { usage: Schemas['ApiUsageDto'] }) {
  const [share, setShare] = useState(String(usage.share_percent));
  const [reserve, setReserve] = useState(String(usage.reserve_percent));
  const { run, busy } = useRun(['sync']);
  return (
    <form
      className="card stack form"
      onSubmit={(event) => {
        event.preventDefault();
        const body = { share_percent: Number(share), reserve_percent: Number(reserve) };
        void run(() => answerOf(api.PUT('/v1/salesforce/api-budget', { body })), 'Saved.');
      }}
    >
      <h2>Budget</h2>
      <div className="two">
        <TextInput
          type="number"
          label="Share of the org’s calls, %"
          min={1}
          max={100}
          value={share}
          onChange={({ currentTarget }) => setShare(currentTarget.value)}
        />
        <TextInput
          type="number"
          label="Kept for people’s changes, % of it"
          min={0}
          max={100}
          value={reserve}
          onChange={({ currentTarget }) => setReserve(currentTarget.value)}
        />
      </div>
      <div className="buttons buttons-left">
        <Button type="submit" loading={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
