import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../api/problem';
import { useToasts } from './toasts';

/** Does something for a button: says how it went, and reads again what it changed. */
export function useRun(keys: readonly string[]) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [busy, setBusy] = useState(false);
  async function run<T>(work: () => Promise<T>, done: string | ((result: T) => string)): Promise<T | undefined> {
    setBusy(true);
    const readAgain = () => Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    try {
      const result = await work();
      say({ text: typeof done === 'string' ? done : done(result) });
      await readAgain();
      return result;
    } catch (error) {
      say({ text: sentenceOf(error), kind: 'error' });
      // Who is told what was wrong may mend it at once.
      void readAgain();
      return undefined;
    } finally {
      setBusy(false);
    }
  }
  return { run, busy };
}
