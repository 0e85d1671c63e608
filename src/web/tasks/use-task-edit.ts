import { answerOf, api } from '../api/client';
import { useEdit } from '../ui/use-edit';
import { bodyOf, type Draft, draftOf } from './draft';
import type { Task } from './lists';

/** Editing a task that others, and Salesforce, may change at the same time. */
export function useTaskEdit(task: Task) {
  const lists = ['tasks', 'counts', 'history'];
  return useEdit<Task, Draft>({ item: task, draftOf, patch, read, key: 'task', lists });
}

const read = (id: string): Promise<Task> => answerOf(api.GET('/v1/tasks/{id}', { params: { path: { id } } }));

function patch(task: Task, before: Draft, after: Draft): Promise<Task> {
  const params = { path: { id: task.id }, header: { 'If-Match': `"v${task.version}"` } };
  return answerOf(api.PATCH('/v1/tasks/{id}', { params, body: bodyOf(before, after) }));
}
