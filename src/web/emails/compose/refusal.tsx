import { Alert } from '@mantine/core';
import { Link } from 'wouter';
import { Problem, sentenceOf } from '../../api/problem';
import { faultWords } from './fault-words';

/** Why it was not saved or sent, and where to go about it. */
export function Refusal({ error }: { error: unknown }) {
  const faults = error instanceof Problem ? error.fields.map(faultWords) : [];
  return (
    <Alert color="red" role="alert" title={error instanceof Problem ? error.title : undefined}>
      {faults.length > 0 ? (
        <ul className="plain-list">
          {faults.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      ) : (
        <p>{sentenceOf(error)}</p>
      )}
      {error instanceof Problem && error.code === 'sender_not_ready' && (
        <Link href="/settings/email">Open Settings → Email</Link>
      )}
    </Alert>
  );
}
