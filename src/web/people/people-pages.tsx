import { Route, Switch } from 'wouter';
import { NothingHere } from '../ui/states';
import { PeoplePage } from './people-page';

export default function PeoplePages() {
  return (
    <Switch>
      <Route path="/people" component={PeoplePage} />
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}
