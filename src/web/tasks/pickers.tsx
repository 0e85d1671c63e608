import { TextInput } from '@mantine/core';
import { Choose, type Choice } from './choose';
import { addDays, dayWords, nextMonday } from './due';
import { readDate } from './read-date';
import { snoozeTimes } from './snooze-times';

export interface Colleague {
  id: string;
  name: string;
}

interface PickProps<T> {
  opened: boolean;
  onClose(): void;
  onPick(value: T): void;
}

const fits = (label: string, text: string) => label.toLowerCase().includes(text.trim().toLowerCase());

export function PickDate({ opened, today, onClose, onPick }: PickProps<string | null> & { today: string }) {
  const quick: Choice<string | null>[] = [
    ...(
      [
        ['Today', today],
        ['Tomorrow', addDays(today, 1)],
        ['Next Monday', nextMonday(today)],
        ['In a week', addDays(today, 7)],
      ] as const
    ).map(([label, value]) => ({ label, value, hint: dayWords(value) })),
    { label: 'No date', value: null },
  ];
  function choices(text: string): Choice<string | null>[] {
    const typed = readDate(text, today);
    const known = quick.filter(({ label }) => fits(label, text));
    if (typed === undefined || known.some(({ value }) => value === typed)) return known;
    return [{ label: dayWords(typed), value: typed, hint: 'as you typed' }, ...known];
  }
  return (
    <Choose
      opened={opened}
      title="Reschedule"
      label="When"
      placeholder="fri, 3d, in 2 weeks, 12 dec …"
      choices={choices}
      nothing="That is no day that can be read. Try “fri”, “3d” or “12 dec”."
      onPick={onPick}
      onClose={onClose}
    >
      <TextInput
        type="date"
        label="Or pick a day"
        min={today}
        onChange={({ currentTarget }) => currentTarget.value !== '' && onPick(currentTarget.value)}
      />
    </Choose>
  );
}

export function PickSnooze(props: PickProps<string> & { timeZone: string }) {
  const { opened, timeZone, onClose, onPick } = props;
  const words = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone });
  const choices = (text: string) =>
    snoozeTimes(new Date(), timeZone)
      .filter(({ label }) => fits(label, text))
      .map(({ label, until }) => ({ label, value: until, hint: words.format(new Date(until)) }));
  return (
    <Choose
      opened={opened}
      title="Snooze"
      label="Until when"
      placeholder="Hide it until …"
      choices={choices}
      nothing="Choose one of the times: clear what you typed."
      onPick={onPick}
      onClose={onClose}
    />
  );
}

export function PickAssignee(props: PickProps<Colleague> & { users: readonly Colleague[] }) {
  const { opened, users, onClose, onPick } = props;
  const choices = (text: string) =>
    users.filter(({ name }) => fits(name, text)).map((user) => ({ label: user.name, value: user }));
  return (
    <Choose
      opened={opened}
      title="Give to"
      label="Colleague"
      placeholder="Type a name"
      choices={choices}
      nothing="Nobody of that name"
      onPick={onPick}
      onClose={onClose}
    />
  );
}
