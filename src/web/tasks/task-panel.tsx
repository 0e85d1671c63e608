import { Alert, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { SidePanel } from '../ui/side-panel';
import type { Task } from './lists';
import type { Colleague } from './pickers';
import { TaskDetails } from './task-details';

export interface PanelProps {
  id: string | undefined;
  /** The task as the list has it: shown until it is read anew. */
  known: Task | undefined;
  today: string;
  users: readonly Colleague[];
  onClose(): void;
  onDone(task: Task): void;
  onSkip(task: Task): void;
  onSnooze(task: Task): void;
  onWake(task: Task): void;
  onDelete(task: Task): void;
}

/** One task, beside the list where there is room, so that the arrow keys walk through both; in front of it elsewhere. */
export function TaskPanel(props: PanelProps) {
  const { id, known, onClose } = props;
  const query = useQuery({
    queryKey: ['task', id],
    queryFn: () => answerOf(api.GET('/v1/tasks/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    placeholderData: known,
  });
  const label = `Task: ${query.data?.name ?? '…'}`;
  const content: ReactNode = query.data ? (
    <TaskDetails key={query.data.id} {...props} task={query.data} />
  ) : query.isError ? (
    <Alert color="red" role="alert" title={query.error instanceof Problem ? query.error.title : undefined}>
      {sentenceOf(query.error)}
    </Alert>
  ) : (
    <Skeleton height={240} />
  );
  return (
    <SidePanel opened={id !== undefined} label={label} onClose={onClose}>
      {content}
    </SidePanel>
  );
}
