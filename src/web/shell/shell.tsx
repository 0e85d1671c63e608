import { ActionIcon, Kbd, Menu, Modal, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  IconCloud,
  IconHelp,
  IconListCheck,
  IconLogout,
  IconMoon,
  IconSettings,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { useNow } from '../ui/use-now';
import { KEYS } from './keys';
import { useLive } from './live';
import { statusWords } from './status';
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
  const [help, setHelp] = useState(false);
  useHotkeys([['shift+?', () => setHelp(true)]]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="side">
        <Link href="/tasks" className="brand">
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span>Command Center</span>
        </Link>
        <nav aria-label="Pages">
          <NavItem href="/tasks" icon={<IconListCheck size={19} />} label="Tasks" />
          {role === 'admin' && <NavItem href="/salesforce" icon={<IconCloud size={19} />} label="Salesforce" />}
          <NavItem href="/settings" icon={<IconSettings size={19} />} label="Settings" />
        </nav>
        <div className="side-foot">
          <SyncStatus />
          <div className="side-tools">
            <Person />
            <SchemeToggle />
            <Tooltip label="Keyboard (?)">
              <ActionIcon variant="subtle" color="gray" aria-label="Keyboard shortcuts" onClick={() => setHelp(true)}>
                <IconHelp size={19} />
              </ActionIcon>
            </Tooltip>
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Modal opened={help} onClose={() => setHelp(false)} title="Keyboard" closeButtonProps={{ 'aria-label': 'Close' }}>
        <dl className="keys">
          {KEYS.map(({ keys, what }) => (
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

function NavItem({ href, icon, label }: { href: string; icon: ReactNode; label: string }) {
  const [path] = useLocation();
  const current = path === href || path.startsWith(`${href}/`);
  return (
    <Link href={href} className="nav-item" aria-current={current ? 'page' : undefined}>
      {icon}
      <span>{label}</span>
    </Link>
  );
}

function SyncStatus() {
  const { role } = useMe();
  const now = useNow(1_000);
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
    refetchInterval: 15_000,
  });
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
  if (tone === 'bad') {
    return (
      <Link className="status" href={role === 'admin' ? '/salesforce/problems' : '/settings/sync'}>
        {text}
      </Link>
    );
  }
  return <div className="status">{text}</div>;
}

function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [dark, setDark] = useState(false);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setDark(colorScheme === 'dark' || (colorScheme === 'auto' && system.matches));
    update();
    system.addEventListener('change', update);
    return () => system.removeEventListener('change', update);
  }, [colorScheme]);
  return (
    <Tooltip label={dark ? 'Light' : 'Dark'}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={dark ? 'Switch to light' : 'Switch to dark'}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={19} /> : <IconMoon size={19} />}
      </ActionIcon>
    </Tooltip>
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
