import { Link } from 'wouter';

const SOURCES = [
  { source: 'file', href: '/people/import', label: 'A CSV file' },
  { source: 'salesforce', href: '/people/import/salesforce', label: 'Salesforce' },
] as const;

/** Where the people come from. */
export function SourceTabs({ present }: { present: (typeof SOURCES)[number]['source'] }) {
  return (
    <nav className="sources" aria-label="Where they come from">
      {SOURCES.map(({ source, href, label }) => (
        <Link key={source} href={href} replace aria-current={source === present ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
