import { Alert } from '@mantine/core';
import { Link } from 'wouter';
import { Problem, sentenceOf } from '../../api/problem';

/** Why it was not saved or sent, and where to go about it. */
export function Refusal({ error }: { error: unknown }) {
  const fields = error instanceof Problem ? error.fields : [];
  return (
    <Alert color="red" role="alert" title={error instanceof Problem ? error.title : undefined}>
      <p>{sentenceOf(error)}</p>
      {fields.length > 0 && (
        <ul className="plain-list">
          {fields.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              {field.replaceAll('_', ' ')} {message}
            </li>
          ))}
        </ul>
      )}
      {error instanceof Problem && error.code === 'sender_not_ready' && (
        <Link href="/settings/email">Open Settings → Email</Link>
      )}
    </Alert>
  );
}
