import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useParams } from 'wouter';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useMe } from '../shell/use-me';
import { ClashAlert } from '../ui/clash-alert';
import { Failed, PageLoading } from '../ui/states';
import { useEdit } from '../ui/use-edit';
import { useTitle } from '../ui/use-title';
import { EditorFrame } from './editor-frame';
import { TemplateFiguresTable } from './figures';
import { Marks } from './marks';
import { readTemplate } from './queries';
import { TemplateActions } from './template-actions';
import { bodyOf, draftOf, fieldWords, type TemplateDraft } from './template-draft';
import { TemplateFields } from './template-fields';
import type { Template } from './template-query';

export function TemplatePage() {
  const { id = '' } = useParams<{ id: string }>();
  const query = useQuery({ queryKey: ['template', id], queryFn: () => readTemplate(id) });
  useTitle(query.data?.name ?? 'Templates');
  if (query.isPending) return <PageLoading />;
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Editor key={id} template={query.data} />;
}

function Editor({ template }: { template: Template }) {
  const { user, role } = useMe();
  const edit = useEdit<Template, TemplateDraft>({
    ...{ item: template, draftOf, patch, read: readTemplate, key: 'template', lists: ['templates'] },
  });
  const { draft, isDirty, clashes, wrong, busy, set, save, reload, fault } = edit;
  const isOwn = template.owner !== null && template.owner.id === user?.id;
  const [isUploading, setUploading] = useState(false);
  const readOnly = role !== 'admin' && (!isOwn || template.locked);
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isUploading) void save();
  }
  return (
    <EditorFrame title={template.name} draft={draft} actions={<TemplateActions template={template} />}>
      <form
        className="stack"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Marks template={template} />
        {readOnly && <ReadOnly template={template} isOwn={isOwn} />}
        {clashes.length > 0 && (
          <ClashAlert
            who={`Somebody changed ${fieldWords(clashes)} meanwhile`}
            onReload={reload}
            onOverwrite={() => void save()}
          />
        )}
        {wrong !== undefined && (
          <Alert color="red" role="alert" title={wrong instanceof Problem ? wrong.title : undefined}>
            {sentenceOf(wrong)}
          </Alert>
        )}
        <TemplateFields
          draft={draft}
          readOnly={readOnly}
          isNew={false}
          fault={fault}
          set={set}
          onUploading={setUploading}
        />
        {isDirty && (
          <div className="save-bar">
            <span className="quiet">Ctrl+Enter saves</span>
            <Button variant="default" onClick={reload}>
              Discard
            </Button>
            <Button type="submit" loading={busy} disabled={isUploading}>
              Save
            </Button>
          </div>
        )}
      </form>
      <TemplateFiguresTable id={template.id} />
    </EditorFrame>
  );
}

function ReadOnly({ template, isOwn }: { template: Template; isOwn: boolean }) {
  const why = isOwn
    ? 'An admin has locked this template: only admins change it.'
    : `This template belongs to ${template.owner?.name ?? 'the team'}.`;
  return <p className="quiet">{why} Duplicate it to change a copy of your own.</p>;
}

function patch({ id, version }: Template, before: TemplateDraft, after: TemplateDraft): Promise<Template> {
  const params = { path: { id }, header: { 'If-Match': `"v${version}"` } };
  return answerOf(api.PATCH('/v1/templates/{id}', { params, body: bodyOf(before, after) }));
}
