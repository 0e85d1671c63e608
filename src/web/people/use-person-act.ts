import { useQueryClient } from '@tanstack/react-query';
import { useRun } from '../ui/use-run';
import type { Person } from './people-query';
import { readPerson } from './queries';

/** Lists that show something of a person. */
const KEYS = ['people', 'unsubscribes', 'authorizations', 'timeline'];

/** Does something to a person, and shows what they are after it; answers whether it was done. */
export function usePersonAct(id: string) {
  const queries = useQueryClient();
  const { run, busy } = useRun(KEYS);
  async function act(work: () => Promise<Person | undefined>, done: string): Promise<boolean> {
    const after = await run(async () => (await work()) ?? (await readPerson(id)), done);
    if (after) queries.setQueryData(['person', id], after);
    return after !== undefined;
  }
  return { act, busy };
}
