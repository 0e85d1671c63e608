import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { Empty } from '../ui/states';
import type { PeopleQuery } from './people-query';

interface NoPeopleProps {
  query: PeopleQuery;
  onAdd(): void;
  onShow(changes: Partial<PeopleQuery>): void;
}

/** An empty list says why it is empty, and what is next. */
export function NoPeople({ query, onAdd, onShow }: NoPeopleProps) {
  if (query.q !== '') {
    return (
      <Empty title="Nobody matches">
        <p>The search looks at names and email addresses.</p>
        <Button variant="default" onClick={() => onShow({ q: '' })}>
          Clear the search
        </Button>
      </Empty>
    );
  }
  if (query.group !== undefined) {
    return (
      <Empty title="Nobody in this group whom you see">
        <p>Select people in the whole list, then choose “Add to a group”.</p>
        <Button variant="default" onClick={() => onShow({ group: undefined })}>
          Show everybody
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title="No people yet">
      <p>Add the first one by hand, or import those whom you have in a file.</p>
      <div className="buttons buttons-middle">
        <Button component={Link} href="/people/import" variant="default">
          Import a file
        </Button>
        <Button onClick={onAdd}>Add a person</Button>
      </div>
    </Empty>
  );
}
