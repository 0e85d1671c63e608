import { Button, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { useKeys } from '../shell/use-keys';
import { SearchBox } from '../ui/search-box';
import { Empty, Failed, PageLoading } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { useListFigures } from './figures';
import { useCategories, useTemplates } from './queries';
import { TemplateRow } from './template-row';
import { LISTS, parseQuery, searchOf, type TemplateQuery } from './template-query';
import './templates.css';

const ANY = 'any category';

export function TemplatesPage() {
  useTitle('Templates');
  const [, go] = useLocation();
  const search = useSearch();
  const query = useMemo(() => parseQuery(search), [search]);
  const list = useTemplates(query);
  const categories = useCategories();
  const searchBox = useRef<HTMLInputElement>(null);
  const show = (changes: Partial<TemplateQuery>) =>
    go(`/templates${searchOf({ ...query, ...changes })}`, { replace: true });
  useKeys({ n: () => go('/templates/new'), '/': () => searchBox.current?.focus() });
  const templates = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const figures = useListFigures(list.data?.pages.map(({ data }) => data) ?? []);
  const named = categories.data?.data ?? [];
  return (
    <div className="tasks templates">
      <div className="page-head">
        <div>
          <h1>Templates</h1>
        </div>
        <div className="toolbar" role="search">
          <SearchBox label="Search templates" q={query.q} box={searchBox} onSearch={(q) => show({ q })} />
          <Select
            aria-label="Category"
            className="category"
            allowDeselect={false}
            searchable={named.length > 8}
            data={[
              { value: ANY, label: 'All categories' },
              ...named.map(({ name, templates: count }) => ({ value: `=${name}`, label: `${name} (${count})` })),
            ]}
            value={query.category === undefined ? ANY : `=${query.category}`}
            onChange={(value) => show({ category: value === ANY || value === null ? undefined : value.slice(1) })}
          />
        </div>
        <Button
          component={Link}
          href="/templates/new"
          className="add-button"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          aria-keyshortcuts="n"
        >
          New template
        </Button>
      </div>
      <nav className="views" aria-label="Lists">
        {LISTS.map(([name, label]) => (
          <Link
            key={name}
            href={`/templates${searchOf({ ...query, list: name })}`}
            className="view"
            aria-current={query.list === name ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="template-list" aria-busy={list.isPlaceholderData}>
        {list.isPending ? (
          <PageLoading />
        ) : list.isError && templates.length === 0 ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : templates.length === 0 ? (
          <NoTemplates query={query} onClear={() => show({ q: '', category: undefined, list: 'all' })} />
        ) : (
          <ul aria-label="Templates">
            {templates.map((template) => (
              <TemplateRow key={template.id} template={template} figures={figures.get(template.id)} />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <div className="buttons buttons-middle buttons-spaced">
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** An empty list says why it is empty, and what is next. */
function NoTemplates({ query, onClear }: { query: TemplateQuery; onClear(): void }) {
  if (query.q !== '' || query.category !== undefined) {
    return (
      <Empty title="No template matches">
        <p>The search looks at names and subjects, in this list and category.</p>
        <Button variant="default" onClick={onClear}>
          Show all templates
        </Button>
      </Empty>
    );
  }
  if (query.list === 'favourites') {
    return (
      <Empty title="No favourites yet">
        <p>The star beside a template puts it here.</p>
        <Button variant="default" onClick={onClear}>
          Show all templates
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title="No templates here yet">
      <p>Write once what you send often: with fields that are filled in for each person.</p>
      <Button component={Link} href="/templates/new">
        Write the first one
      </Button>
    </Empty>
  );
}
