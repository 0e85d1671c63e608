import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface SidePanelProps {
  opened: boolean;
  label: string;
  onClose(): void;
  children: ReactNode;
}

/** As the styles have it: narrower than this, a list and one of its rows have no room side by side. */
const SIDE_BY_SIDE = '(min-width: 1100px)';

/** One of a list, beside it where there is room, so that the arrow keys walk through both; in front of it elsewhere. */
export function SidePanel({ opened, label, onClose, children }: SidePanelProps) {
  const isBeside = useMediaQuery(SIDE_BY_SIDE, matchMedia(SIDE_BY_SIDE).matches, { getInitialValueInEffect: false });
  if (isBeside) {
    if (!opened) return null;
    return (
      <div className="panel" role="dialog" aria-label={label}>
        {children}
      </div>
    );
  }
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size="min(100vw, 520px)" lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content aria-label={label}>
        <Drawer.Body className="panel-body">{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
