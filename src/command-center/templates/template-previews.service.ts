import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Transactions } from '../../platform/database/transactions.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { FieldValues } from '../content/dynamic-fields.js';
import { PeopleFacts } from '../people/people-facts.js';
import { PeopleService } from '../people/people.service.js';
import { previewOf, SAMPLE_PERSON, SAMPLE_SENDER } from './template-preview.js';
import type { PreviewTemplate, TemplatePreview } from './templates.dto.js';

const NOBODY = { field: 'person_id', message: 'is nobody whom you see' };

/** How an email would look, before anybody gets it. */
@Injectable()
export class TemplatePreviews {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly facts: PeopleFacts,
  ) {}

  async preview(principal: Principal, input: PreviewTemplate): Promise<TemplatePreview> {
    const person = input.person_id === undefined ? SAMPLE_PERSON : await this.person(principal, input.person_id);
    const sender = await this.sender(principal);
    return previewOf(input, { person, sender, campaign: { name: 'Sample campaign' } });
  }

  private async person(principal: Principal, id: string): Promise<FieldValues['person']> {
    if ((await this.people.accessTo(this.transactions, principal, id)) === 'none') {
      throw invalidInput([NOBODY]);
    }
    const facts = (await this.facts.of(this.transactions, principal.teamId, [id])).get(id);
    if (!facts) throw invalidInput([NOBODY]);
    const { name, firstName: first_name, lastName: last_name, email, title, company, phone, custom } = facts;
    return { name, first_name, last_name, email, title, company, phone, custom };
  }

  private async sender({ teamId, userId }: Principal): Promise<FieldValues['sender']> {
    const [user] = await this.transactions.query<FieldValues['sender']>(
      'SELECT name, email FROM users WHERE team_id = $1 AND id = $2',
      [teamId, userId],
    );
    return user ?? SAMPLE_SENDER;
  }
}
