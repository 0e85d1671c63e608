import { useNow } from '../ui/use-now';
import { SelectAll } from '../ui/select-all';
import { isCards, VirtualGrid } from '../ui/virtual-grid';
import { EmailRow, type QuickAction } from './email-row';
import type { Email, Folder } from './folders';

interface GridProps {
  emails: readonly Email[];
  folder: Folder;
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
  onEnd(): void;
}

/** As emails.css has them. */
const ROW_HEIGHT = 56;
const CARD_HEIGHT = 96;

const TIME_NAMES: Readonly<Record<Folder, string>> = {
  delivered: 'Sent',
  archived: 'Sent',
  scheduled: 'Leaves',
  drafts: 'Since',
  in_progress: 'Since',
  failed: 'Since',
  bounced: 'Since',
  spam: 'Since',
};

export function EmailGrid(props: GridProps) {
  const { emails, folder, active, selected, refused, timeZone } = props;
  const now = useNow(30_000);
  const current = emails[active];
  return (
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
      head={<Head count={emails.length} selected={selected.size} time={TIME_NAMES[folder]} onAll={props.onSelectAll} />}
      row={(index, style) => {
        const email = emails[index];
        if (!email) return null;
        return (
          <EmailRow
            email={email}
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
  );
}

function Head({ count, selected, time, onAll }: { count: number; selected: number; time: string; onAll(): void }) {
  return (
    <div className="grid-head" role="row" aria-rowindex={1}>
      <SelectAll count={count} selected={selected} onAll={onAll} />
      <div role="columnheader" className="cell-who">
        Person
      </div>
      <div role="columnheader" className="cell-subject">
        Subject
      </div>
      <div role="columnheader" className="cell-time">
        {time}
      </div>
      <div role="columnheader" className="cell-actions">
        <span className="sr-only">Actions</span>
      </div>
    </div>
  );
}
