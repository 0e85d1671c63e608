import { ActionIcon, Kbd, Menu, Modal, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconCloud,
  IconDeviceDesktop,
  IconHelp,
  IconListCheck,
  IconLogout,
  IconMail,
  IconMoon,
  IconSettings,
  IconSun,
  IconTemplate,
  IconUserCircle,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { keysAt } from './keys';
import { useLive } from './live';
import { statusWords } from './status';
import { useKeys } from './use-keys';
import { meQuery, useMe } from './use-me';

/** The frame around every page of a person who is signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery);
  if (me.isPending) return <PageLoading />;
  if (!me.data) return <Failed error={me.error} retry={() => void me.refetch()} />;
  return <Frame>{children}</Frame>;
}

function Frame({ children }: { children: ReactNode }) {
  useLive();
  const { role } = useMe();
  const [path] = useLocation();
  const [help, setHelp] = useState(false);
  const { data: status } = useQuery(statusQuery);
  const problems = (status?.problems ?? 0) + (status?.open_alarms ?? 0);
  useKeys({ '?': () => setHelp(true) });
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <aside className="side" aria-label="Command Center">
        <Link href="/tasks" className="brand">
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span>Command Center</span>
        </Link>
        <nav aria-label="Pages">
          <NavItem href="/tasks" icon={<IconListCheck size={19} />} label="Tasks" />
          <NavItem href="/emails" icon={<IconMail size={19} />} label="Emails" />
          <NavItem href="/people" icon={<IconUsers size={19} />} label="People" />
          <NavItem href="/templates" icon={<IconTemplate size={19} />} label="Templates" />
          {role === 'admin' && (
            <NavItem href="/salesforce" icon={<IconCloud size={19} />} label="Salesforce" count={problems} />
          )}
          <NavItem href="/settings" icon={<IconSettings size={19} />} label="Settings" />
        </nav>
        <div className="side-foot">
          <SyncStatus />
          <div className="side-tools">
            <Person />
            <SchemeToggle />
            <Tooltip label="Keyboard (?)">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={34}
                aria-label="Keyboard shortcuts"
                onClick={() => setHelp(true)}
              >
                <IconHelp size={19} />
              </ActionIcon>
            </Tooltip>
          </div>
        </div>
      </aside>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Modal opened={help} onClose={() => setHelp(false)} title="Keyboard" closeButtonProps={{ 'aria-label': 'Close' }}>
        <dl className="keys">
          {keysAt(path).map(({ keys, what }) => (
            <div key={what}>
              <dt>
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </div>
  );
}

interface NavItemProps {
  href: string;
  icon: ReactNode;
  label: string;
  /** What waits there for a person. */
  count?: number;
}

function NavItem({ href, icon, label, count = 0 }: NavItemProps) {
  const [path] = useLocation();
  const current = path === href || path.startsWith(`${href}/`);
  return (
    <Link href={href} className="nav-item" aria-current={current ? 'page' : undefined}>
      {icon}
      <span>{label}</span>
      {count > 0 && (
        <span className="nav-count">
          {count} <span className="sr-only">{count === 1 ? 'problem' : 'problems'}</span>
        </span>
      )}
    </Link>
  );
}

const statusQuery = {
  queryKey: ['status'],
  queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
  refetchInterval: 15_000,
};

function SyncStatus() {
  const { role } = useMe();
  const now = useNow(1_000);
  const status = useQuery(statusQuery);
  if (!status.data) return null;
  const { tone, title, detail } = statusWords(status.data, now);
  const text = (
    <>
      <span className={`dot dot-${tone}`} aria-hidden="true" />
      <span className="status-text">
        <strong>{title}</strong>
        <small>{detail}</small>
      </span>
    </>
  );
  const to = role === 'admin' ? (tone === 'bad' ? '/salesforce/problems' : '/salesforce') : '/settings/sync';
  return (
    <Link className="status" href={to} title={detail}>
      {text}
    </Link>
  );
}

const SCHEMES = [
  { value: 'light', label: 'Light', Icon: IconSun },
  { value: 'dark', label: 'Dark', Icon: IconMoon },
  { value: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
] as const;

function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { Icon } = SCHEMES.find(({ value }) => value === colorScheme) ?? SCHEMES[2];
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label="Light or dark">
          <Icon size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            role="menuitemradio"
            aria-checked={scheme.value === colorScheme}
            leftSection={<scheme.Icon size={16} />}
            onClick={() => setColorScheme(scheme.value)}
          >
            {scheme.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Person() {
  const { user, team } = useMe();
  const [, go] = useLocation();
  const queries = useQueryClient();
  async function signOut() {
    await answerOf(api.DELETE('/v1/session')).catch(() => undefined);
    queries.clear();
    go('/sign-in');
  }
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <button type="button" className="person">
          <IconUserCircle size={22} aria-hidden="true" />
          <span>
            <strong>{user?.name}</strong>
            <small>{team.name}</small>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href="/settings">
          Your profile
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
