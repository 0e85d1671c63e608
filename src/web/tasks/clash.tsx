import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client';
import { ClashAlert } from '../ui/clash-alert';
import { useNow } from '../ui/use-now';
import type { DraftField } from './draft';
import { agoWords } from './due';
import type { Task } from './lists';
import { FIELD_LABELS } from './names';

interface ClashProps {
  task: Task;
  fields: readonly DraftField[];
  onReload(): void;
  onOverwrite(): void;
}

/** Somebody else changed what one is changing: who, when, and which of the two shall stand. */
export function Clash({ task, fields, onReload, onOverwrite }: ClashProps) {
  const now = useNow(1_000);
  const history = useQuery({
    queryKey: ['history', task.id],
    queryFn: () =>
      answerOf(api.GET('/v1/tasks/{id}/history', { params: { path: { id: task.id }, query: { limit: 50 } } })),
  });
  const last = history.data?.data[0];
  const what = fields.map((field) => FIELD_LABELS[field]).join(' and ');
  const who = last
    ? `${last.who.name} changed ${what} ${agoWords(last.at, now)}`
    : `Somebody changed ${what} meanwhile`;
  return <ClashAlert who={who} onReload={onReload} onOverwrite={onOverwrite} />;
}
