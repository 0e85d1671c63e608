import { CloseButton } from '@mantine/core';
import type { Person } from './use-people';

interface PeopleListProps {
  people: readonly Person[];
  /** Whose text is edited; undefined: everybody’s. */
  chosen: string | undefined;
  edited: ReadonlySet<string>;
  /** Why somebody does not get it, by the person's id. */
  unsendable: ReadonlyMap<string, string>;
  onChoose(id: string | undefined): void;
  onRemove(id: string): void;
}

/** Who gets it: choosing somebody shows, and edits, what that person gets. */
export function PeopleList({ people, chosen, edited, unsendable, onChoose, onRemove }: PeopleListProps) {
  return (
    <ul className="people-list" aria-label="Who gets it">
      <li className={chosen === undefined ? 'chosen' : undefined}>
        <button type="button" aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
          <strong>Everybody</strong>
          <small>the text that all get</small>
        </button>
      </li>
      {people.map(({ id, name, email }) => {
        const reason = unsendable.get(id);
        return (
          <li key={id} className={chosen === id ? 'chosen' : undefined}>
            <button type="button" aria-pressed={chosen === id} onClick={() => onChoose(id)}>
              <span className="person-name">
                {name}
                {edited.has(id) && <span className="mark">own text</span>}
              </span>
              <small className={reason === undefined ? undefined : 'why-bad'}>{reason ?? email ?? 'no address'}</small>
            </button>
            <CloseButton size="sm" aria-label={`Remove ${name}`} onClick={() => onRemove(id)} />
          </li>
        );
      })}
    </ul>
  );
}
