import { answerOf, api } from '../api/client';
import { useRun } from '../ui/use-run';
import { additionWords, removalWords } from './group-words';
import { addToGroup, removeFromGroup } from './membership';
import type { Group } from './people-query';

export type GroupActs = ReturnType<typeof useGroupActs>;

/** What is done with groups, each with the words for how it went. Answers whether it was done. */
export function useGroupActs() {
  const { run, busy } = useRun(['groups', 'people', 'person']);
  return {
    busy,
    add: (group: Group, ids: readonly string[]) =>
      run(
        () => addToGroup(group, ids),
        (parts) => additionWords(group.name, parts),
      ).then(Boolean),
    remove: (group: Group, ids: readonly string[]) =>
      run(
        () => removeFromGroup(group, ids),
        (parts) => removalWords(group.name, parts),
      ).then(Boolean),
    share: (group: Group, shared: boolean) =>
      run(
        () => shareGroup(group, shared),
        shared ? `The team sees ${group.name} now.` : `${group.name} is no longer shared.`,
      ).then(Boolean),
    destroy: (group: Group) =>
      run(async () => {
        await answerOf(api.DELETE('/v1/groups/{id}', { params: { path: { id: group.id } } }));
        return true;
      }, `The group ${group.name} is deleted; its people stay.`).then(Boolean),
  };
}

function shareGroup(group: Group, shared: boolean) {
  const params = { path: { id: group.id }, header: { 'If-Match': `"v${group.version}"` } };
  return answerOf(api.PATCH('/v1/groups/{id}', { params, body: { shared } }));
}
