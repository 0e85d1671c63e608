import { Route, Switch } from 'wouter';
import { NothingHere } from '../ui/states';
import { ChooseFile } from './import/choose-file';
import { FromSalesforce } from './import/from-salesforce';
import { ImportPage } from './import/import-page';
import { PeoplePage } from './people-page';

export default function PeoplePages() {
  return (
    <Switch>
      <Route path="/people" component={PeoplePage} />
      <Route path="/people/import" component={ChooseFile} />
      <Route path="/people/import/salesforce" component={FromSalesforce} />
      <Route path="/people/import/:id" component={ImportPage} />
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}
