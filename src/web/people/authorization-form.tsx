import { Alert, Button, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useAskBeforeLeaving } from '../ui/leaving';
import { useToasts } from '../ui/toasts';
import { type Ground, GROUNDS } from './authorization-words';
import type { Person } from './people-query';

const CHOICES = Object.entries(GROUNDS).map(([value, label]) => ({ value: value as Ground, label }));

export function AuthorizationForm({ person, onClose }: { person: Person; onClose(): void }) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const { authorization: before } = person;
  const [values, setValues] = useState({
    type: before?.type ?? 'consent',
    source: before?.source ?? '',
    consented_on: before?.consented_on ?? '',
    purpose: before?.purpose ?? '',
  });
  const [isDirty, setIsDirty] = useState(false);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  useAskBeforeLeaving(isDirty);
  const set = (change: Partial<typeof values>) => {
    setValues({ ...values, ...change });
    setIsDirty(true);
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    const { type, source, consented_on: day, purpose } = values;
    const body = { type, source: source || null, consented_on: day || null, purpose: purpose || null };
    try {
      const params = { path: { id: person.id } };
      const after = await answerOf(api.PUT('/v1/people/{id}/authorization', { params, body }));
      queries.setQueryData(['person', person.id], after);
      say({ text: 'The ground is noted.' });
      onClose();
      for (const key of ['people', 'authorizations', 'timeline']) await queries.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  const text = (field: 'source' | 'consented_on' | 'purpose') => ({
    value: values[field],
    error: wrong instanceof Problem ? wrong.of(field) : undefined,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => set({ [field]: currentTarget.value }),
  });
  return (
    <form className="stack" aria-label="Why you may write to them" onSubmit={(event) => void submit(event)}>
      {wrong !== undefined && (
        <Alert color="red" role="alert">
          {sentenceOf(wrong)}
        </Alert>
      )}
      <div className="two">
        <Select
          label="Ground"
          allowDeselect={false}
          data={CHOICES}
          value={values.type}
          onChange={(type) => type && set({ type })}
        />
        <TextInput label="Date of consent" type="date" {...text('consented_on')} />
      </div>
      <TextInput
        label="Where it comes from"
        placeholder="Sign-up form of the fair"
        maxLength={500}
        {...text('source')}
      />
      <TextInput label="What it is for" placeholder="News about shipping rates" maxLength={500} {...text('purpose')} />
      <div className="buttons buttons-left">
        <Button size="compact-md" type="submit" loading={busy}>
          Note it
        </Button>
        <Button size="compact-md" variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
