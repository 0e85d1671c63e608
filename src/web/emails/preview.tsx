import { Alert, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answerOf, api, type Schemas } from '../api/client';
import { sentenceOf } from '../api/problem';
import { EmailFrame } from './email-frame';

/** How what is written looks to one person, or why they do not get it. */
export function Preview({ input, name }: { input: Schemas['PreviewEmail']; name: string }) {
  const preview = useQuery({
    queryKey: ['email-preview', input],
    queryFn: () => answerOf(api.POST('/v1/email-batches/preview', { body: input })),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  if (preview.isError) return <Alert color="red">{sentenceOf(preview.error)}</Alert>;
  if (!preview.data) return <Skeleton height={200} />;
  const { email, reason } = preview.data;
  if (!email) {
    return (
      <Alert color="yellow" title={`${name} would not get this email`}>
        {reason?.text}
        {reason?.detail && <p className="reason-detail">{reason.detail}</p>}
      </Alert>
    );
  }
  return (
    <div className="preview-email">
      <p className="preview-subject">{email.subject}</p>
      <EmailFrame html={email.html} title={`As ${name} sees it`} />
    </div>
  );
}
