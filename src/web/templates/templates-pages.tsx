import { Route, Switch } from 'wouter';
import { NothingHere } from '../ui/states';
import { NewTemplate } from './new-template';
import { TemplatePage } from './template-page';
import { TemplatesPage } from './templates-page';

export default function TemplatesPages() {
  return (
    <Switch>
      <Route path="/templates" component={TemplatesPage} />
      <Route path="/templates/new" component={NewTemplate} />
      <Route path="/templates/:id" component={TemplatePage} />
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}
