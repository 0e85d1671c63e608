import { useMe } from '../shell/use-me';
import { Choose } from '../tasks/choose';
import { Confirm } from '../ui/confirm';
import { GroupForm } from './group-form';
import type { Group } from './people-query';
import type { GroupActs } from './use-group-acts';

/** What is being asked about groups. */
export type GroupQuestion =
  { what: 'create' } | { what: 'rename' | 'delete'; group: Group } | { what: 'add'; ids: readonly string[] };

interface QuestionsProps {
  question: GroupQuestion | undefined;
  groups: readonly Group[];
  acts: GroupActs;
  onClose(): void;
  onCreated(group: Group): void;
  onDeleted(): void;
  onAdded(): void;
}

export function GroupQuestions({ question, groups, acts, onClose, ...then }: QuestionsProps) {
  const doomed = question?.what === 'delete' ? question.group : undefined;
  return (
    <>
      {(question?.what === 'create' || question?.what === 'rename') && (
        <GroupForm
          group={question.what === 'rename' ? question.group : undefined}
          onClose={onClose}
          onSaved={(group) => {
            onClose();
            if (question.what === 'create') then.onCreated(group);
          }}
        />
      )}
      <Confirm
        opened={doomed !== undefined}
        title={`Delete the group ${doomed?.name ?? ''}?`}
        answers={[
          {
            label: 'Delete the group',
            color: 'red',
            run: () => {
              onClose();
              if (doomed) void acts.destroy(doomed).then((done) => done && then.onDeleted());
            },
          },
        ]}
        onClose={onClose}
      >
        <p>Its people stay; they only belong together no longer.</p>
      </Confirm>
      <ChooseGroup
        ids={question?.what === 'add' ? question.ids : undefined}
        groups={groups}
        onClose={onClose}
        onPick={(group, ids) => {
          onClose();
          void acts.add(group, ids).then((done) => done && then.onAdded());
        }}
      />
    </>
  );
}

interface ChooseProps {
  /** Whom to add; undefined: nobody asks. */
  ids: readonly string[] | undefined;
  groups: readonly Group[];
  onClose(): void;
  onPick(group: Group, ids: readonly string[]): void;
}

/** Only groups that one may change. */
function ChooseGroup({ ids, groups, onClose, onPick }: ChooseProps) {
  const { user, role } = useMe();
  const open = groups.filter(({ owner }) => role === 'admin' || owner.id === user?.id);
  const choices = (text: string) =>
    open
      .filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()))
      .map((group) => ({
        label: group.name,
        value: group,
        hint: group.owner.id === user?.id ? String(group.size) : `of ${group.owner.name}`,
      }));
  return (
    <Choose
      opened={ids !== undefined}
      title="Add to a group"
      label="Group"
      placeholder="Type a name"
      choices={choices}
      nothing={
        open.length === 0 ? 'You have no group yet: make one with + beside “Your groups”.' : 'No group of that name'
      }
      onPick={(group) => ids && onPick(group, ids)}
      onClose={onClose}
    />
  );
}
