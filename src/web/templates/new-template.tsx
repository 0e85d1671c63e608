import { Alert, Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { attachedOf, attachmentInputs } from '../files/attached';
import { changedFields } from '../ui/rebase';
import { useToasts } from '../ui/toasts';
import { useAskBeforeLeaving } from '../ui/leaving';
import { useTitle } from '../ui/use-title';
import { EditorFrame } from './editor-frame';
import { EMPTY } from './template-draft';
import { TemplateFields } from './template-fields';

export function NewTemplate() {
  useTitle('New template');
  const [, go] = useLocation();
  const queries = useQueryClient();
  const { say } = useToasts();
  const [draft, setDraft] = useState(EMPTY);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const [isUploading, setUploading] = useState(false);
  // One key for one template, however often it is sent.
  const [key] = useState(() => crypto.randomUUID?.() ?? String(Math.random()));
  useAskBeforeLeaving(changedFields(EMPTY, draft).length > 0 && !busy);

  async function create(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    const { name, category, subject, body: text, shared, commercial } = draft;
    const flags = { shared: shared === 'yes', commercial: commercial === 'yes' };
    const attachments = attachmentInputs(attachedOf(draft.attachments));
    const body = { name, category: category.trim() || null, subject, body: text, attachments, ...flags };
    try {
      const made = await answerOf(api.POST('/v1/templates', { body, headers: { 'Idempotency-Key': key } }));
      say({ text: `The template “${made.name}” is there.` });
      queries.setQueryData(['template', made.id], made);
      void queries.invalidateQueries({ queryKey: ['templates'] });
      go(`/templates/${made.id}`, { replace: true });
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  return (
    <EditorFrame title="New template" draft={draft}>
      <form className="stack" onSubmit={(event) => void create(event)}>
        {wrong !== undefined && (
          <Alert color="red" role="alert">
            {sentenceOf(wrong)}
          </Alert>
        )}
        <TemplateFields
          draft={draft}
          readOnly={false}
          isNew
          fault={(field) => (wrong instanceof Problem ? wrong.of(field) : undefined)}
          set={(change) => setDraft((before) => ({ ...before, ...change }))}
          onUploading={setUploading}
        />
        <div className="buttons">
          <Button component={Link} href="/templates" variant="default">
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={isUploading}>
            Create template
          </Button>
        </div>
      </form>
    </EditorFrame>
  );
}
