import { SelectAll } from '../ui/select-all';
import { isCards, VirtualGrid } from '../ui/virtual-grid';
import type { Person } from './people-query';
import { PersonRow } from './person-row';

interface GridProps {
  people: readonly Person[];
  /** Whether these are all. */
  isWhole: boolean;
  active: number;
  selected: ReadonlySet<string>;
  isLoadingMore: boolean;
  onActive(index: number): void;
  onSelect(index: number, isRange: boolean): void;
  onSelectAll(): void;
  onOpen(person: Person): void;
  onEnd(): void;
}

/** As people.css has them. */
const ROW_HEIGHT = 42;
const CARD_HEIGHT = 64;

export function PeopleGrid(props: GridProps) {
  const { people, active, selected } = props;
  const current = people[active];
  return (
    <VirtualGrid
      label="People"
      // How many there are is known at the end; -1 says so.
      rowCount={props.isWhole ? people.length + 1 : -1}
      activeId={current && `person-${current.id}`}
      count={people.length}
      activeLine={active}
      sizeOf={() => (isCards() ? CARD_HEIGHT : ROW_HEIGHT)}
      keyOf={(index) => people[index]?.id ?? index}
      isLoadingMore={props.isLoadingMore}
      onEnd={props.onEnd}
      head={<Head count={people.length} selected={selected.size} onAll={props.onSelectAll} />}
      row={(index, style) => {
        const person = people[index];
        if (!person) return null;
        return (
          <PersonRow
            person={person}
            index={index}
            style={style}
            isActive={index === active}
            isSelected={selected.has(person.id)}
            onSelect={(isRange) => props.onSelect(index, isRange)}
            onClick={() => {
              props.onActive(index);
              props.onOpen(person);
            }}
          />
        );
      }}
    />
  );
}

function Head({ count, selected, onAll }: { count: number; selected: number; onAll(): void }) {
  return (
    <div className="grid-head" role="row" aria-rowindex={1}>
      <SelectAll count={count} selected={selected} onAll={onAll} />
      <div role="columnheader" className="cell-human">
        Name
      </div>
      <div role="columnheader" className="cell-address">
        Address
      </div>
      <div role="columnheader" className="cell-firm">
        Company
      </div>
      <div role="columnheader" className="cell-title">
        Title
      </div>
      <div role="columnheader" className="cell-owner">
        Owner
      </div>
    </div>
  );
}
