import type { Html } from '../page/html.js';
import { markup } from '../page/html.js';
import { layout } from '../page/layout.js';
import type { OauthError } from './grants.js';

interface Choice {
  id: string;
  name: string;
  username: string;
  title: string | null;
}

const PASSED_ON = ['response_type', 'client_id', 'redirect_uri', 'state', 'scope', 'nonce', 'code_challenge'];

/** Stands for Salesforce's log-in and *Allow access?* pages in one: who are you, and do you agree. */
export function authorizePage(params: URLSearchParams, users: Choice[]): string {
  const hidden = PASSED_ON.flatMap((name): Html[] => {
    const value = params.get(name);
    return value === null ? [] : [markup`<input type="hidden" name="${name}" value="${value}">`];
  });
  const hint = params.get('login_hint');
  const choices = users.map(
    (user, i) => markup`<label class="choice">
      <input type="radio" name="user" value="${user.id}" ${(hint === null ? i === 0 : user.username === hint) && 'checked'}>
      <span><b>${user.name}</b><small>${user.username}${user.title !== null && ` · ${user.title}`}</small></span>
    </label>`,
  );
  const content = markup`<section class="card narrow">
    <h1>Allow access?</h1>
    <p>Command Center asks to read and change this org's data on your behalf.</p>
    <form method="post" action="/services/oauth2/authorize">
      ${hidden}
      <fieldset><legend>Log in as</legend><div class="choices">${choices}</div></fieldset>
      <div class="actions">
        <button class="primary" name="decision" value="allow">Allow</button>
        <button name="decision" value="deny">Deny</button>
      </div>
    </form>
  </section>`;
  return layout('Allow access', content);
}

export function errorPage(error: OauthError): string {
  return layout('Error', markup`<section class="card narrow"><h1>${error.code}</h1><p>${error.message}</p></section>`);
}
