import { ActionIcon, Skeleton, Tooltip } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { sentenceOf } from '../api/problem';
import { useMe } from '../shell/use-me';
import { type Group, type PeopleQuery, searchOf } from './people-query';
import { useGroups } from './queries';

interface SideProps {
  query: PeopleQuery;
  onShow(changes: Partial<PeopleQuery>): void;
  onAdd(): void;
}

/** One's own groups, and those that others show. */
export function GroupsSide({ query, onShow, onAdd }: SideProps) {
  const { user } = useMe();
  const groups = useGroups();
  const all = groups.data ?? [];
  const own = all.filter(({ owner }) => owner.id === user?.id);
  const others = all.filter(({ owner }) => owner.id !== user?.id);
  const item = (group: Group) => <Item key={group.id} group={group} query={query} onShow={onShow} />;
  return (
    <nav className="groups" aria-label="Groups">
      <Item query={query} onShow={onShow} />
      <div className="groups-head">
        <h2>Your groups</h2>
        <Tooltip label="New group">
          <ActionIcon variant="subtle" color="gray" size={28} aria-label="New group" onClick={onAdd}>
            <IconPlus size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      {groups.isPending && <Skeleton height={22} aria-label="Loading the groups" />}
      {groups.isError && <p className="quiet">{sentenceOf(groups.error)}</p>}
      {groups.isSuccess && own.length === 0 && (
        <p className="quiet groups-none">None yet. A group keeps people together, for a mailing, say.</p>
      )}
      {own.map(item)}
      {others.length > 0 && <h2 className="groups-others">Of others</h2>}
      {others.map(item)}
    </nav>
  );
}

/** Without a group: everybody. */
function Item({ group, query, onShow }: Pick<SideProps, 'query' | 'onShow'> & { group?: Group }) {
  const changes = { group: group?.id, person: undefined };
  return (
    <a
      href={`/people${searchOf({ ...query, ...changes })}`}
      className="group-item"
      aria-current={query.group === group?.id ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onShow(changes);
      }}
    >
      <span title={group && `${group.name} (of ${group.owner.name})`}>{group ? group.name : 'Everybody'}</span>
      {group?.shared && <IconUsersGroup size={14} role="img" aria-label="Shared with the team" />}
      {group && <span className="count">{group.size.toLocaleString('en')}</span>}
    </a>
  );
}
