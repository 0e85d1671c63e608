import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

export interface Section {
  href: string;
  label: string;
  count?: number;
}

/** A page of several parts, each at an address of its own. */
export function Sections({ title, sections, children }: { title: string; sections: Section[]; children: ReactNode }) {
  const [path] = useLocation();
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
      </div>
      <nav className="sections" aria-label={`Parts of ${title}`}>
        {sections.map(({ href, label, count }) => (
          <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
            {label}
            {count !== undefined && count > 0 && ` (${count})`}
          </Link>
        ))}
      </nav>
      <div className="content">{children}</div>
    </>
  );
}
