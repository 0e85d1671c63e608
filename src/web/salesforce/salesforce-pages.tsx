import { useQuery } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { Sections } from '../ui/sections';
import { Empty, NothingHere } from '../ui/states';
import { useTitle } from '../ui/use-title';
import { ConflictsPage } from './conflicts-page';
import { MappingPage } from './mapping-page';
import { OverviewPage } from './overview-page';
import { ProblemsPage } from './problems-page';
import { RepsPage } from './reps-page';
import { UsagePage } from './usage-page';

export default function SalesforcePages() {
  useTitle('Salesforce');
  const { role } = useMe();
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/status')),
  });
  if (role !== 'admin') {
    return (
      <Empty title="This is for admins">
        <p>Your own sync is under Settings.</p>
      </Empty>
    );
  }
  const sections = [
    { href: '/salesforce', label: 'Connection' },
    { href: '/salesforce/reps', label: 'Reps' },
    { href: '/salesforce/mapping', label: 'Mapping' },
    { href: '/salesforce/problems', label: 'Problems', count: status.data?.problems ?? 0 },
    { href: '/salesforce/conflicts', label: 'Conflicts' },
    { href: '/salesforce/usage', label: 'API usage' },
  ];
  return (
    <Sections title="Salesforce" sections={sections}>
      <Switch>
        <Route path="/salesforce" component={OverviewPage} />
        <Route path="/salesforce/reps" component={RepsPage} />
        <Route path="/salesforce/mapping" component={MappingPage} />
        <Route path="/salesforce/problems" component={ProblemsPage} />
        <Route path="/salesforce/conflicts" component={ConflictsPage} />
        <Route path="/salesforce/usage" component={UsagePage} />
        <Route>
          <NothingHere />
        </Route>
      </Switch>
    </Sections>
  );
}
