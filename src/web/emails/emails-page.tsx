import { Button, CloseButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { useKeys } from '../shell/use-keys';
import { useMe } from '../shell/use-me';
import { useUsers } from '../tasks/queries';
import { RowsLoading } from '../tasks/task-states';
import { Failed } from '../ui/states';
import { useListWalk } from '../ui/use-list-walk';
import { useMore } from '../ui/use-more';
import { useTitle } from '../ui/use-title';
import { AskBefore, type Asked } from './ask-before';
import { EmailBulkBar } from './bulk-bar';
import { type EmailAction, leaves, questionOf } from './email-acts';
import { listOf } from './columns';
import { EmailGrid } from './email-grid';
import { EmailPanel } from './email-panel';
import type { QuickAction } from './email-cells';
import { NoEmails } from './email-states';
import { EmailToolbar, FolderTabs } from './email-toolbar';
import { type Email, type EmailQuery, FOLDER_NAMES, parseQuery, primaryOf, searchOf, type Sort } from './folders';
import { useEmailCounts, useEmails } from './queries';
import { useColumnSet } from './use-column-sets';
import { expanded, type Perform, useEmailActs } from './use-email-acts';

export function EmailsPage() {
  const { time_zone: timeZone, user, role } = useMe();
  const [, go] = useLocation();
  const search = useSearch();
  const query = useMemo(() => parseQuery(search), [search]);
  const { folder } = query;
  useTitle(`${FOLDER_NAMES[folder]} · Emails`);
  const kept = useColumnSet(folder);
  const shown = useMemo(() => kept.set && listOf(query, kept.set), [query, kept.set]);
  const list = useEmails(shown);
  const counts = useEmailCounts(query.user);
  const users = useUsers();
  const isOwn = query.user === undefined;
  const { perform, refused } = useEmailActs();
  const [asked, setAsked] = useState<Asked>();
  const searchBox = useRef<HTMLInputElement>(null);

  const emails = useMemo(() => list.data?.pages.flatMap(({ data }) => data) ?? [], [list.data]);
  const ids = useMemo(() => emails.map(({ id }) => id), [emails]);
  const show = useCallback(
    (changes: Partial<EmailQuery>) => go(`/emails${searchOf({ ...query, ...changes })}`, { replace: true }),
    [go, query],
  );
  const walk = useListWalk({ ids, openId: query.email, onOpen: (email) => show({ email }) });
  const { chosenIds } = walk;
  const current = emails[walk.at];
  const alone = emails.find(({ id }) => id === query.email) ?? current;
  const chosen = chosenIds.size > 0 ? emails.filter(({ id }) => chosenIds.has(id)) : alone ? [alone] : [];

  const run: Perform = (action, on, evenIfUncertain) => {
    // Next to an email that leaves the folder, the one that takes its place is shown.
    const isShown = query.email !== undefined && on.some(({ id }) => id === query.email);
    if (isShown && leaves(action)) show({ email: undefined });
    return perform(action, on, evenIfUncertain);
  };
  async function act(action: EmailAction, on: readonly Email[] = chosen): Promise<void> {
    if (!isOwn) return;
    const all = await expanded(on);
    walk.clear();
    if (questionOf(action, all, all.length) !== undefined) return setAsked({ action, emails: all });
    await run(action, all);
  }
  function quick(action: QuickAction, email: Email): void {
    if (action === 'edit') return go(`/emails/compose?id=${email.id}`);
    void act(action === 'success' && email.success ? 'no_success' : action, [email]);
  }
  /** By key: the action that the email in question has, if it has one of these. */
  function key(...actions: QuickAction[]): void {
    const [first] = chosen;
    const action = actions.find((one) => first?.quick_actions.includes(one));
    if (!first || !action || !isOwn) return;
    if (action === 'edit' || chosen.length === 1) return quick(action, first);
    void act(action);
  }

  useKeys({
    ...walk.keys,
    n: () => go('/emails/compose'),
    e: () => key('edit', 'archive', 'unarchive'),
    r: () => key('retry'),
    s: () => key('success'),
    '#': () => key('delete'),
    Delete: () => key('delete'),
    '/': () => searchBox.current?.focus(),
  });

  // The folder is kept so; the address says it, too, for whoever it is sent to.
  function onSort(sort: Sort): void {
    kept.change({ sort });
    show({ sort });
  }
  function onRollUp(rollUp: boolean): void {
    kept.change({ roll_up: rollUp });
    show({ rollUp, batch: undefined });
  }

  const onEnd = useMore(list);
  const others = users.data?.data.filter(({ active, id }) => active && id !== user?.id) ?? [];
  const colleagues = role === 'admin' ? others : [];
  const isWhole = query.q === '' && !shown?.rollUp && query.batch === undefined;
  const total = isWhole ? (counts.data?.[folder] ?? emails.length) : emails.length;
  return (
    <div className="tasks emails">
      <div className="page-head">
        <div>
          <h1>Emails</h1>
        </div>
        <EmailToolbar
          query={query}
          list={shown}
          kept={kept}
          colleagues={colleagues}
          searchBox={searchBox}
          show={show}
          onSort={onSort}
          onRollUp={onRollUp}
        />
        <Button
          component={Link}
          href="/emails/compose"
          className="add-button"
          leftSection={<IconPencil size={18} aria-hidden="true" />}
          aria-keyshortcuts="n"
        >
          Write
        </Button>
      </div>
      <FolderTabs
        query={query}
        counts={counts.data}
        controls="emails-list"
        onShow={(next) => {
          walk.reset();
          go(`/emails${searchOf(next)}`);
        }}
      />
      {query.batch !== undefined && (
        <p className="narrowed">
          Only one bulk email
          <CloseButton size="xs" aria-label="Show the whole folder" onClick={() => show({ batch: undefined })} />
        </p>
      )}
      <div className="tasks-body">
        <div
          id="emails-list"
          role="tabpanel"
          aria-labelledby={`primary-${primaryOf(folder).value} folder-${folder}`}
          className="list"
          aria-busy={list.isPlaceholderData}
        >
          {kept.error && !kept.set ? (
            <Failed error={kept.error} retry={kept.retry} />
          ) : list.isPending || !kept.set || !shown ? (
            <RowsLoading what="emails" />
          ) : list.isError && emails.length === 0 ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : emails.length === 0 ? (
            <NoEmails query={query} show={show} />
          ) : (
            <EmailGrid
              emails={emails}
              folder={folder}
              columns={kept.set.columns}
              sort={shown.sort}
              onSort={onSort}
              total={total}
              timeZone={timeZone}
              active={walk.at}
              selected={chosenIds}
              refused={refused}
              isOwn={isOwn}
              isLoadingMore={list.isFetchingNextPage}
              onActive={walk.goTo}
              onSelect={walk.select}
              onSelectAll={walk.selectAll}
              onOpen={({ id }) => show({ email: id })}
              onAct={quick}
              onEnd={onEnd}
            />
          )}
        </div>
        <EmailPanel
          id={query.email}
          timeZone={timeZone}
          isOwn={isOwn}
          onClose={() => show({ email: undefined })}
          onAct={quick}
          onBatch={(batch) => show({ batch, rollUp: false, email: undefined })}
        />
      </div>
      {isOwn && chosenIds.size > 0 && (
        <EmailBulkBar
          count={chosenIds.size}
          folder={folder}
          onAct={(action) => void act(action)}
          onClear={() => walk.clear()}
        />
      )}
      <AskBefore asked={asked} perform={run} onClose={() => setAsked(undefined)} />
    </div>
  );
}
