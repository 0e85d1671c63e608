import { ActionIcon, Button, Checkbox, Popover, Select } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3, IconGripVertical } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { type Column, COLUMNS, type ColumnSet, moved, offered, toggledColumn } from './columns';

const ROWS_PER_PAGE = [25, 50, 100, 200];

interface MenuProps {
  set: ColumnSet;
  onChange(changes: Partial<ColumnSet>): void;
  onReset(): void;
}

/** What a folder's list shows: checked, put in order by mouse or keys, and taken back. */
export function ColumnsMenu({ set, onChange, onReset }: MenuProps) {
  return (
    <Popover position="bottom-end" width={300} withinPortal trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={16} aria-hidden="true" />}
          className="columns-button"
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="columns-menu">
        <ColumnList shown={set.columns} onChange={(columns) => onChange({ columns })} />
        <Select
          label="Rows per page"
          description="As many are fetched at a time"
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          data={ROWS_PER_PAGE.map(String)}
          value={String(set.rows_per_page)}
          onChange={(rows) => rows && onChange({ rows_per_page: Number(rows) })}
        />
        <Button variant="default" disabled={!set.saved} onClick={onReset}>
          Reset to default
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function ColumnList({ shown, onChange }: { shown: readonly Column[]; onChange(columns: Column[]): void }) {
  const [dragged, setDragged] = useState<Column>();
  const [said, setSaid] = useState('');
  // While one is dragged, the list shows where it would be.
  const [draft, setDraft] = useState<readonly Column[]>();
  const present = draft ?? shown;

  function move(column: Column, to: number): void {
    const next = moved(shown, column, to);
    if (next.every((one, index) => one === shown[index])) return;
    onChange(next);
    setSaid(`${COLUMNS[column].name} is number ${to + 1} of ${next.length}`);
  }
  function key(event: KeyboardEvent, column: Column, at: number): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(column, event.key === 'ArrowUp' ? at - 1 : at + 1);
  }
  function drop(): void {
    if (draft) onChange([...draft]);
    setDraft(undefined);
    setDragged(undefined);
  }

  return (
    <>
      <ul className="columns-list">
        {offered(present).map((column) => {
          const at = present.indexOf(column);
          const { name } = COLUMNS[column];
          return (
            <li
              key={column}
              className={column === dragged ? 'dragged' : undefined}
              draggable={at >= 0}
              onDragStart={() => setDragged(column)}
              onDragOver={(event) => {
                if (!dragged || at < 0) return;
                event.preventDefault();
                if (column !== dragged) setDraft(moved(present, dragged, at));
              }}
              onDragEnd={drop}
              onKeyDown={(event) => key(event, column, at)}
            >
              <IconGripVertical size={15} aria-hidden="true" className={at < 0 ? 'grip no-grip' : 'grip'} />
              <Checkbox
                size="xs"
                label={name}
                checked={at >= 0}
                disabled={at >= 0 && present.length === 1}
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                onChange={() => onChange(toggledColumn(shown, column))}
              />
              {at >= 0 && (
                <span className="movers">
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    color="gray"
                    aria-label={`Move ${name} up`}
                    disabled={at === 0}
                    onClick={() => move(column, at - 1)}
                  >
                    <IconChevronUp size={15} />
                  </ActionIcon>
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    color="gray"
                    aria-label={`Move ${name} down`}
                    disabled={at === present.length - 1}
                    onClick={() => move(column, at + 1)}
                  >
                    <IconChevronDown size={15} />
                  </ActionIcon>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <span className="sr-only" role="status">
        {said}
      </span>
    </>
  );
}
