import { Select, Switch } from '@mantine/core';
import type { RefObject } from 'react';
import type { Colleague } from '../tasks/pickers';
import { SearchBox } from '../ui/search-box';
import { Tabs } from '../ui/tabs';
import type { EmailList } from './columns';
import { ColumnsMenu } from './columns-menu';
import {
  type EmailQuery,
  type Folder,
  FOLDER_NAMES,
  type FolderCounts,
  inFolder,
  PRIMARIES,
  primaryOf,
  type Sort,
  SORTS,
} from './folders';
import type { useColumnSet } from './use-column-sets';

type Show = (changes: Partial<EmailQuery>) => void;

type Kept = Pick<ReturnType<typeof useColumnSet>, 'set' | 'change' | 'toUsual'>;

interface ToolbarProps {
  query: EmailQuery;
  /** What is shown of it; undefined: it is not known yet. */
  list: EmailList | undefined;
  kept: Kept;
  /** Whose emails an admin may look at; nobody’s for others. */
  colleagues: readonly Colleague[];
  searchBox: RefObject<HTMLInputElement | null>;
  show: Show;
  onSort(sort: Sort): void;
  onRollUp(isRolledUp: boolean): void;
}

export function EmailToolbar({ query, list, kept, colleagues, searchBox, show, onSort, onRollUp }: ToolbarProps) {
  return (
    <div className="toolbar" role="search">
      <SearchBox label="Search emails" q={query.q} box={searchBox} onSearch={(q) => show({ q })} />
      {colleagues.length > 0 && (
        <Select
          aria-label="Whose emails"
          className="whose"
          allowDeselect={false}
          searchable={colleagues.length > 8}
          data={[
            { value: 'me', label: 'My emails' },
            ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={query.user ?? 'me'}
          onChange={(user) =>
            show({ user: user === 'me' || user === null ? undefined : user, batch: undefined, email: undefined })
          }
        />
      )}
      <Select
        aria-label="Order"
        className="sort"
        allowDeselect={false}
        data={SORTS.map(([value, label]) => ({ value, label }))}
        value={list?.sort ?? null}
        onChange={(sort) => sort && onSort(sort)}
      />
      <Switch
        className="roll-up"
        label="Roll up group emails"
        checked={list?.rollUp ?? false}
        onChange={({ currentTarget }) => onRollUp(currentTarget.checked)}
      />
      {kept.set && <ColumnsMenu set={kept.set} onChange={kept.change} onReset={kept.toUsual} />}
    </div>
  );
}

const UNDELIVERED: readonly Folder[] = ['failed', 'bounced', 'spam'];

interface FoldersProps {
  query: EmailQuery;
  counts: FolderCounts | undefined;
  /** The id of the list. */
  controls: string;
  onShow(query: EmailQuery): void;
}

export function FolderTabs({ query, counts, controls, onShow }: FoldersProps) {
  const primary = primaryOf(query.folder);
  const countOf = (folders: readonly Folder[]) => counts && folders.reduce((sum, folder) => sum + counts[folder], 0);
  return (
    <div className="folders">
      <Tabs
        id="primary"
        label="Emails by what became of them"
        className="tabs"
        controls={controls}
        selected={primary.value}
        tabs={PRIMARIES.map(({ value, label, folders }) => ({
          ...{ value, label, count: countOf(folders) },
          isBad: value === 'undelivered' && (countOf(folders) ?? 0) > 0,
        }))}
        onSelect={(value) => {
          const [first] = PRIMARIES.find((one) => one.value === value)?.folders ?? [];
          if (first && value !== primary.value) onShow(inFolder(query, first));
        }}
      />
      <Tabs
        id="folder"
        label={`Folders of ${primary.label}`}
        className="subtabs"
        controls={controls}
        selected={query.folder}
        tabs={primary.folders.map((folder) => ({
          ...{ value: folder, label: FOLDER_NAMES[folder], count: counts?.[folder] },
          isBad: UNDELIVERED.includes(folder) && (counts?.[folder] ?? 0) > 0,
        }))}
        onSelect={(folder) => onShow(inFolder(query, folder as Folder))}
      />
    </div>
  );
}
