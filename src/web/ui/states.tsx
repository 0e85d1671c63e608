import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Problem, sentenceOf } from '../api/problem';

export function PageLoading() {
  return (
    <div className="page-loading" aria-busy="true" aria-label="Loading">
      <Skeleton height={28} width={220} />
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <Skeleton key={row} height={36} />
      ))}
    </div>
  );
}

/** What failed, why, and what to do. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const title = error instanceof Problem ? error.title : 'Something broke';
  return (
    <div className="state" role="alert">
      <h2>{title}</h2>
      <p>{sentenceOf(error)}</p>
      {retry && <Button onClick={retry}>Try again</Button>}
      {error instanceof Problem && error.requestId && <p className="quiet">Request {error.requestId}</p>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function NothingHere() {
  return (
    <Empty title="There is no such page">
      <p>The address may be mistyped, or the page has moved.</p>
      <Button component={Link} href="/tasks">
        Go to your tasks
      </Button>
    </Empty>
  );
}
