import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PeoplePage } from '../../src/command-center/people/people.dto.js';
import { describeInBrowser } from './browser.js';
import { LiveWorld } from './live-world.js';

const CSV = [
  'Full name;E-Mail;Firma;Contract end',
  'Zoe Zander;zoe@zander.example;Zander Ltd;March',
  'Yan Young;yan@young.example;"Young; Sons";May',
  'Nora No;not-an-address;;',
].join('\n');

describeInBrowser('importing people on the page', () => {
  let world: LiveWorld;
  const rep = () => world.sync.reps[0]!;
  const file = (text: string | Buffer) => ({ name: 'fair.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const found = async (q: string) =>
    (await world.sync.call<PeoplePage>('GET', `/v1/people?q=${encodeURIComponent(q)}`, undefined, rep())).data;
  async function axe(page: Page) {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
  }

  beforeAll(async () => {
    world = await LiveWorld.create({ reps: 1 });
  });
  afterAll(() => world.close());

  it('goes from a file to people: columns, a try that changes nobody, the import, its report', async () => {
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/people/import');
    await page.getByLabel('CSV file').setInputFiles(file(Buffer.from([0xff, 0xfe, 0x41, 0x00])));
    await page.getByRole('alert').getByText('This is no CSV file in UTF-8.').waitFor();
    await page.getByLabel('CSV file').setInputFiles(file(CSV));
    await page.getByRole('radio', { name: 'Semicolon', checked: true }).waitFor({ state: 'attached' });
    await axe(page);
    await page.getByRole('button', { name: 'Upload' }).click();

    await page.getByText('3 rows were read.').waitFor();
    const column = (name: string) => page.getByRole('combobox', { name: `What ${name} is` });
    expect(await column('E-Mail').inputValue()).toBe('Email address');
    expect(await column('Contract end').inputValue()).toBe('Leave out');
    await page.getByText('Zander Ltd, Young; Sons').waitFor();
    await column('Contract end').click();
    await page.getByRole('option', { name: 'Own field contract_end' }).click();
    await page.getByRole('switch', { name: 'Share the new ones with the team' }).click();
    await axe(page);
    await page.getByRole('button', { name: 'Try first' }).click();
    await page.getByText('Nobody was changed yet: this would happen').waitFor();
    await page.getByRole('cell', { name: /email address/ }).waitFor();
    await axe(page);
    expect(await found('zoe@zander')).toEqual([]);

    // In the middle: everything is as it was.
    await page.reload();
    await page.getByText('Nobody was changed yet: this would happen').waitFor();
    expect(await column('Contract end').inputValue()).toBe('Own field contract_end');
    expect(await page.getByRole('switch', { name: 'Share the new ones with the team' }).isChecked()).toBe(true);
    await page.getByText('Zander Ltd, Young; Sons').waitFor();
    await page.getByRole('button', { name: 'Import 3 rows' }).click();
    await page.getByText('The people are imported').waitFor();
    expect(await found('zoe@zander')).toMatchObject([
      { name: 'Zoe Zander', company: 'Zander Ltd', custom: { contract_end: 'March' }, shared: true },
    ]);
    await page.reload();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the report' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
    expect(lines.map((line) => line.split(',')[1])).toEqual(['outcome', 'created', 'created', 'refused']);
    await page.getByRole('button', { name: 'Remove the file' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the file' }).click();
    await page.getByText('Drop a CSV file here').waitFor();
    expect(await found('zoe@zander')).toHaveLength(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows how far it is, and goes on with one that stopped', async () => {
    const { page, context } = await world.pageOf(rep(), { width: 390 });
    await page.goto('/people/import');
    await page.getByLabel('CSV file').setInputFiles(file('Name,Mail\nXara Xenon,xara@xenon.example\n'));
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('button', { name: 'Import 1 row' }).waitFor();
    const faked = { state: 'running', rows: 400, rows_done: 100 };
    await page.route(/people-imports\/[^/]+$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), ...faked } });
    });
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByText('100 of 400 rows.').waitFor();
    Object.assign(faked, { state: 'stopped', stopped_because: 'Its uploader left the team.' });
    await page.getByRole('alert').getByText('Its uploader left the team.').waitFor();
    await axe(page);
    const started = page.waitForRequest((request) => request.url().endsWith('/start'));
    await page.getByRole('button', { name: 'Go on' }).click();
    expect((await started).postDataJSON()).toEqual({ columns: { Name: 'name', Mail: 'email' }, shared: false });
    await context.close();
  });

  it('says what is wrong with a file as the server says it', async () => {
    const { page, context } = await world.pageOf(rep());
    await page.goto('/people/import');
    await page.getByLabel('CSV file').setInputFiles(file('Name,Name\nA,B\n'));
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('alert').getByText('The file has two columns with the header “Name”.').waitFor();
    await page.goto('/people/import/0199aaaa-0000-7000-8000-000000000000');
    await page.getByText('There is no such import.').waitFor();
    await context.close();
  });

  it('reads one’s leads and contacts from Salesforce, and makes people of them', async () => {
    const owner = rep().salesforceId;
    const lead = {
      OwnerId: owner,
      FirstName: 'Wanda',
      LastName: 'Webb',
      Company: 'Webb Weaving',
      Email: 'w@webb.example',
    };
    await world.sync.control('POST', `as/${owner}/sobjects/Lead`, lead);
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/people/import');
    await page.getByRole('link', { name: 'Salesforce', exact: true }).click();
    await page.getByText(/^\d+ leads? and \d+ contacts? found\.$/).waitFor();
    await axe(page);
    await page.getByLabel('Company has').fill('webb weav');
    await page.getByText('1 lead and 0 contacts found.').waitFor();
    await page.getByRole('checkbox', { name: 'Contacts' }).click();
    await page.getByRole('combobox', { name: 'List view in Salesforce' }).click();
    await page.getByRole('option', { name: 'All Open Leads' }).click();
    await page.getByText('1 lead found.').waitFor();
    await page.getByRole('button', { name: 'Read them' }).click();
    await page.getByText('One row was read.').waitFor();
    expect(await page.getByRole('combobox', { name: 'What Salesforce ID is' }).inputValue()).toContain('Salesforce ID');
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByText('The people are imported').waitFor();
    expect((await found('w@webb.example'))[0]).toMatchObject({ company: 'Webb Weaving' });
    expect(complaints).toEqual([]);
    await context.close();
  });
});
