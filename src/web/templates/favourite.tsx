import { ActionIcon } from '@mantine/core';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { answerOf, api } from '../api/client';
import { useRun } from '../ui/use-run';
import type { TemplateSummary } from './template-query';

export function Favourite({ template }: { template: TemplateSummary }) {
  const { id, name, favourite } = template;
  const { run, busy } = useRun(['templates', 'template']);
  const params = { path: { id } };
  const toggle = () =>
    run(
      () =>
        favourite
          ? answerOf(api.DELETE('/v1/templates/{id}/favourite', { params }))
          : answerOf(api.PUT('/v1/templates/{id}/favourite', { params })),
      favourite ? `${name} is no favourite any more.` : `${name} is a favourite.`,
    );
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={34}
      className={favourite ? 'star star-on' : 'star'}
      aria-label={`${name} is a favourite`}
      aria-pressed={favourite}
      disabled={busy}
      onClick={() => void toggle()}
    >
      {favourite ? <IconStarFilled size={18} /> : <IconStar size={18} />}
    </ActionIcon>
  );
}
