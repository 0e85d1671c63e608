import { Route, Switch } from 'wouter';
import { useMe } from '../shell/use-me';
import { Sections } from '../ui/sections';
import { NothingHere } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { AuditPage } from './audit-page';
import { BlockedDomainsPage } from './blocked-domains-page';
import { EmailPage } from './email-page';
import { KeysPage } from './keys-page';
import { OwnSyncPage } from './own-sync-page';
import { ProfilePage } from './profile-page';
import { SessionsPage } from './sessions-page';
import { UsersPage } from './users-page';

export default function SettingsPages() {
  useTitle('Settings');
  const { role } = useMe();
  const sections = [
    { href: '/settings', label: 'Profile' },
    { href: '/settings/sync', label: 'My sync' },
    { href: '/settings/email', label: 'Email' },
    { href: '/settings/sessions', label: 'Signed in' },
    { href: '/settings/keys', label: 'API keys' },
    ...(role === 'admin'
      ? [
          { href: '/settings/users', label: 'Users' },
          { href: '/settings/blocked-domains', label: 'Blocked domains' },
          { href: '/settings/audit', label: 'Audit log' },
        ]
      : []),
  ];
  return (
    <Sections title="Settings" sections={sections}>
      <Switch>
        <Route path="/settings" component={ProfilePage} />
        <Route path="/settings/sync" component={OwnSyncPage} />
        <Route path="/settings/email" component={EmailPage} />
        <Route path="/settings/sessions" component={SessionsPage} />
        <Route path="/settings/keys" component={KeysPage} />
        {role === 'admin' && <Route path="/settings/users" component={UsersPage} />}
        {role === 'admin' && <Route path="/settings/blocked-domains" component={BlockedDomainsPage} />}
        {role === 'admin' && <Route path="/settings/audit" component={AuditPage} />}
        <Route>
          <NothingHere />
        </Route>
      </Switch>
    </Sections>
  );
}
