import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { useNow } from '../ui/use-now';
import { SelectAll } from '../ui/select-all';
import { isCards, VirtualGrid } from '../ui/virtual-grid';
import { cardColumns, clicked, type Column, COLUMNS, leastWidth, sortedAs } from './columns';
import { classOf, type QuickAction, widthOf } from './email-cells';
import { EmailRow } from './email-row';
import type { Email, Folder, Sort } from './folders';

interface GridProps {
  emails: readonly Email[];
  folder: Folder;
  columns: readonly Column[];
  sort: Sort;
  /** How many the folder has, loaded or not. */
  total: number;
  timeZone: string;
  active: number;
  selected: ReadonlySet<string>;
  refused: ReadonlyMap<string, string>;
  /** Whether one may act on them; others’ are only looked at. */
  isOwn: boolean;
  isLoadingMore: boolean;
  onActive(index: number): void;
  onSelect(index: number, isRange: boolean): void;
  onSelectAll(): void;
  onOpen(email: Email): void;
  onAct(action: QuickAction, email: Email): void;
  onSort(sort: Sort): void;
  onEnd(): void;
}

/** As emails.css has them. */
const ROW_HEIGHT = 56;
const CARD_HEIGHT = 96;

export function EmailGrid(props: GridProps) {
  const { emails, folder, active, selected, refused, timeZone, sort, onSort } = props;
  const columns = isCards() ? cardColumns(folder) : props.columns;
  const now = useNow(30_000);
  const current = emails[active];
  // Custom properties reach the grid through it; there is no box of its own.
  const least = { '--least-width': `${leastWidth(columns)}px` } as CSSProperties;
  return (
    <div className="email-grid" style={least}>
      <VirtualGrid
        label="Emails"
        rowCount={props.total + 1}
        activeId={current && `email-${current.id}`}
        count={emails.length}
        activeLine={active}
        sizeOf={() => (isCards() ? CARD_HEIGHT : ROW_HEIGHT)}
        keyOf={(index) => emails[index]?.id ?? index}
        isLoadingMore={props.isLoadingMore}
        onEnd={props.onEnd}
        head={
          <div className="grid-head" role="row" aria-rowindex={1}>
            <SelectAll count={emails.length} selected={selected.size} onAll={props.onSelectAll} />
            {columns.map((column) => (
              <HeadCell key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </div>
        }
        row={(index, style) => {
          const email = emails[index];
          if (!email) return null;
          return (
            <EmailRow
              email={email}
              columns={columns}
              index={index}
              timeZone={timeZone}
              now={now}
              style={style}
              isActive={index === active}
              isSelected={selected.has(email.id)}
              refusal={refused.get(email.id)}
              isOwn={props.isOwn}
              onSelect={(isRange) => props.onSelect(index, isRange)}
              onClick={() => {
                props.onActive(index);
                props.onOpen(email);
              }}
              onAct={(action) => props.onAct(action, email)}
            />
          );
        }}
      />
    </div>
  );
}

/** A click puts the list in the order of its column; another one turns that round. */
function HeadCell({ column, sort, onSort }: { column: Column; sort: Sort; onSort(sort: Sort): void }) {
  const { name, sorts } = COLUMNS[column];
  const sorted = sortedAs(column, sort);
  const next = clicked(column, sort);
  return (
    <div
      role="columnheader"
      className={classOf(column)}
      style={widthOf(column)}
      aria-sort={sorts && (sorted ?? 'none')}
    >
      {next === undefined ? (
        <span className={column === 'actions' ? 'sr-only' : undefined}>{name}</span>
      ) : (
        <button type="button" className="sort-head" onClick={() => onSort(next)}>
          {name}
          {sorted === 'ascending' && <IconArrowUp size={13} aria-hidden="true" />}
          {sorted === 'descending' && <IconArrowDown size={13} aria-hidden="true" />}
        </button>
      )}
    </div>
  );
}
