import type { ReactNode } from 'react';
import { Link } from 'wouter';
import '../people.css';

const NAMES = ['Source', 'Columns', 'Import'];

/** The way of an import, and where one is on it. */
export function Steps({ at, children }: { at: number; children: ReactNode }) {
  return (
    <>
      <div className="page-head">
        <div>
          <p className="quiet">
            <Link href="/people">People</Link>
          </p>
          <h1>Import people</h1>
        </div>
      </div>
      <div className="content stack import">
        <ol className="steps" aria-label="Steps">
          {NAMES.map((name, index) => (
            <li key={name} aria-current={index === at ? 'step' : undefined} className={index < at ? 'step-done' : ''}>
              <span aria-hidden="true">{index + 1}</span> {name}
            </li>
          ))}
        </ol>
        {children}
      </div>
    </>
  );
}
