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
    try {
      const result = await work();
      say({ text: typeof done === 'string' ? done : done(result) });
      return result;
    } catch (error) {
      say({ text: sentenceOf(error), kind: 'error' });
      return undefined;
    } finally {
      await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      setBusy(false);
    }
  }
  return { run, busy };
}
