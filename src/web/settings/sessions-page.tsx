import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { agoWords } from '../tasks/due';
import { Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';
import { browserName } from './browser-name';

export function SessionsPage() {
  const now = useNow(10_000);
  const { run } = useRun(['sessions']);
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => answerOf(api.GET('/v1/sessions')) });
  if (sessions.isPending) return <PageLoading />;
  if (!sessions.data) return <Failed error={sessions.error} retry={() => void sessions.refetch()} />;
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>Browser</th>
            <th>Signed in</th>
            <th>Last used</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.data.data.map(
            ({ id, user_agent: agent, method, current, created_at: made, last_seen_at: seen }) => (
              <tr key={id}>
                <td>
                  {browserName(agent)} {method === 'salesforce' && <span className="quiet">by Salesforce</span>}{' '}
                  {current && <span className="quiet">(this one)</span>}
                </td>
                <td>{agoWords(made, now)}</td>
                <td>{agoWords(seen, now)}</td>
                <td>
                  {!current && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() =>
                        void run(
                          () => answerOf(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),
                          'That browser is signed out.',
                        )
                      }
                    >
                      Sign out
                    </Button>
                  )}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
