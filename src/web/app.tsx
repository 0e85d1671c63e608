import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { whenSignedOut } from './api/client';
import { Shell } from './shell/shell';
import { Broken } from './ui/broken';
import { NothingHere, PageLoading } from './ui/states';
import { TasksPage } from './tasks/tasks-page';

const SignInPage = lazy(() => import('./session/sign-in-page'));
const LinkPage = lazy(() => import('./session/link-page'));
const PasswordPage = lazy(() => import('./session/password-page'));
const ForgotPage = lazy(() => import('./session/forgot-page'));
const EmailsPages = lazy(() => import('./emails/emails-pages'));
const PeoplePages = lazy(() => import('./people/people-pages'));
const SalesforcePages = lazy(() => import('./salesforce/salesforce-pages'));
const SettingsPages = lazy(() => import('./settings/settings-pages'));
const TemplatesPages = lazy(() => import('./templates/templates-pages'));

export function App() {
  const [, go] = useLocation();
  const queries = useQueryClient();
  useEffect(() => {
    whenSignedOut(() => {
      if (location.pathname.startsWith('/sign-in')) return;
      const returnTo = location.pathname + location.search;
      queries.clear();
      go(`/sign-in?return_to=${encodeURIComponent(returnTo)}`);
    });
  }, [go, queries]);
  return (
    <Broken>
      <Suspense fallback={<PageLoading />}>
        <Switch>
          <Route path="/sign-in" component={SignInPage} />
          <Route path="/sign-in/link" component={LinkPage} />
          <Route path="/sign-in/forgot" component={ForgotPage} />
          <Route path="/accept-invitation" component={PasswordPage} />
          <Route path="/reset-password" component={PasswordPage} />
          <Route>
            <Shell>
              <Broken>
                <Suspense fallback={<PageLoading />}>
                  <Switch>
                    <Route path="/">
                      <Redirect to="/tasks" replace />
                    </Route>
                    <Route path="/tasks" component={TasksPage} />
                    <Route path="/emails/*?" component={EmailsPages} />
                    <Route path="/people/*?" component={PeoplePages} />
                    <Route path="/templates/*?" component={TemplatesPages} />
                    <Route path="/salesforce/*?" component={SalesforcePages} />
                    <Route path="/settings/*?" component={SettingsPages} />
                    <Route>
                      <NothingHere />
                    </Route>
                  </Switch>
                </Suspense>
              </Broken>
            </Shell>
          </Route>
        </Switch>
      </Suspense>
    </Broken>
  );
}
