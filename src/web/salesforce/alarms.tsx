import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { useRun } from '../ui/use-run';

/** Records that vanished in numbers that nobody can have meant: a person says. */
export function Alarms() {
  const { run } = useRun(['sync', 'status', 'tasks']);
  const alarms = useQuery({
    queryKey: ['sync', 'alarms'],
    queryFn: () =>
      answerOf(api.GET('/v1/salesforce/task-sync/alarms', { params: { query: { state: 'open', limit: 20 } } })),
  });
  return alarms.data?.data.map((alarm) => {
    const params = { path: { id: alarm.id } };
    return (
      <Alert key={alarm.id} color="red" role="alert" title={alarm.sentence} className="card">
        <p>{alarm.advice}</p>
        <div className="buttons buttons-left">
          <Button
            size="compact-sm"
            onClick={() =>
              void run(
                () => answerOf(api.POST('/v1/salesforce/task-sync/alarms/{id}/dismiss', { params })),
                'They are looked for again.',
              )
            }
          >
            Look again
          </Button>
          <Button
            size="compact-sm"
            color="red"
            variant="outline"
            onClick={() =>
              void run(
                () =>
                  answerOf(
                    api.POST('/v1/salesforce/task-sync/alarms/{id}/confirm', {
                      params,
                      body: { absent: alarm.absent },
                    }),
                  ),
                'They are deleted here, too.',
              )
            }
          >
            They were deleted for good: delete {alarm.absent} here
          </Button>
        </div>
      </Alert>
    );
  });
}
