import { Alert } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { sentenceOf } from '../api/problem';
import { EmailFrame } from '../emails/email-frame';
import { PersonSelect } from '../tasks/person-select';

interface PreviewProps {
  subject: string;
  body: string;
  commercial: boolean;
}

const WAIT_MS = 400;

/** How it looks to somebody, as one writes: the sample person, or one of one's own. */
export function TemplatePreview({ subject, body, commercial }: PreviewProps) {
  const [person, setPerson] = useState<string | null>(null);
  const [asked] = useDebouncedValue(
    JSON.stringify({ subject, body, commercial, ...(person !== null && { person_id: person }) }),
    WAIT_MS,
  );
  const preview = useQuery({
    queryKey: ['template-preview', asked],
    queryFn: () =>
      answerOf(api.POST('/v1/templates/preview', { body: JSON.parse(asked) as Schemas['PreviewTemplate'] })),
    enabled: body.trim() !== '' || subject.trim() !== '',
    placeholderData: keepPreviousData,
  });
  return (
    <section className="template-preview" aria-label="Preview">
      <PersonSelect label="Preview for" value={person} onChange={setPerson} />
      {person === null && <p className="quiet">Nobody chosen: shown for a sample person.</p>}
      {preview.isError && (
        <Alert color="red" role="alert">
          {sentenceOf(preview.error)}
        </Alert>
      )}
      {preview.data && <Shown preview={preview.data} />}
      {!preview.data && !preview.isError && <p className="quiet">What you write appears here.</p>}
    </section>
  );
}

function Shown({ preview: { email, problems, refusal } }: { preview: Schemas['TemplatePreview'] }) {
  return (
    <>
      {problems.length > 0 && (
        <Alert color="red" role="status" title={problems.length === 1 ? 'One mistake' : `${problems.length} mistakes`}>
          <ul className="plain-list">
            {problems.map((problem) => (
              <li key={`${problem.field} ${problem.line} ${problem.column} ${problem.message}`}>
                {problemWords(problem)}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {refusal !== null && (
        <Alert color="yellow" role="status" title="This person would not get it">
          {refusal}
        </Alert>
      )}
      {email && (
        <>
          <p className="preview-subject">{email.subject}</p>
          <EmailFrame html={email.html} title="How the email looks" />
        </>
      )}
    </>
  );
}

/** `Text, line 3: has a field that does not exist`. */
function problemWords({ field, line, message }: Schemas['TemplateProblem']): string {
  const place = [field === 'subject' ? 'Subject' : 'Text', ...(line === null ? [] : [`line ${line}`])].join(', ');
  return `${place}: ${message}`;
}
