import { Route, Switch } from 'wouter';
import { NothingHere } from '../ui/states';
import { ComposePage } from './compose/compose-page';
import { EmailsPage } from './emails-page';
import './emails.css';

export default function EmailsPages() {
  return (
    <Switch>
      <Route path="/emails" component={EmailsPage} />
      <Route path="/emails/compose" component={ComposePage} />
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}
