import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconCopy, IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { Confirm } from '../ui/confirm';
import { useRun } from '../ui/use-run';
import { Favourite } from './favourite';
import type { Template } from './template-query';

export function TemplateActions({ template }: { template: Template }) {
  const [, go] = useLocation();
  const { run, busy } = useRun(['templates']);
  const [asks, setAsks] = useState(false);
  const params = { path: { id: template.id } };
  async function duplicate() {
    const headers = { 'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random()) };
    const copy = await run(
      () => answerOf(api.POST('/v1/templates/{id}/duplicate', { params, headers })),
      'This is the copy: it is yours alone.',
    );
    if (copy) go(`/templates/${copy.id}`);
  }
  async function destroy() {
    setAsks(false);
    const gone = await run(async () => {
      await answerOf(api.DELETE('/v1/templates/{id}', { params }));
      return true;
    }, `${template.name} is deleted.`);
    if (gone) go('/templates', { replace: true });
  }
  return (
    <div className="template-actions">
      <Favourite template={template} />
      <Button
        variant="default"
        loading={busy}
        leftSection={<IconCopy size={16} aria-hidden="true" />}
        onClick={() => void duplicate()}
      >
        Duplicate
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" onClick={() => setAsks(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asks}
        title={`Delete ${template.name}?`}
        answers={[{ label: 'Delete', color: 'red', run: () => void destroy() }]}
        onClose={() => setAsks(false)}
      >
        <p>What was sent from it stays. It cannot be undone.</p>
      </Confirm>
    </div>
  );
}
