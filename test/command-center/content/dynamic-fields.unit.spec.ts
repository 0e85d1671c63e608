import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkSource,
  type FieldValues,
  type Rendered,
  renderEmail,
  type RenderOptions,
} from '../../../src/command-center/content/dynamic-fields.js';

const FULL: FieldValues = {
  person: {
    name: 'Grace Harper',
    first_name: 'Grace',
    last_name: 'Harper',
    email: 'grace@example.com',
    title: 'CTO',
    company: 'Acme',
    phone: '+49 30 1',
    custom: { city: 'Berlin', pet: 'Cat & Dog' },
  },
  sender: { name: 'Ann Lee', email: 'ann@sales.example' },
  campaign: { name: 'Spring' },
};
const EMPTY: FieldValues = {
  person: {
    ...{ name: 'Grace', first_name: '', last_name: ' ', email: null, title: null, company: null, phone: null },
    custom: { city: '' },
  },
  sender: { name: 'Ann', email: 'ann@sales.example' },
};
const URL = 'https://mail.example/u/abc?x=1&y=2';
const PLAIN: RenderOptions = { signatureHtml: null, unsubscribe: null };

function render(body: string, values = FULL, options = PLAIN, subject = 'Hello'): Rendered {
  return renderEmail({ subject, body }, values, options);
}

function html(body: string, values = FULL, options = PLAIN): string {
  const rendered = render(body, values, options);
  if (!rendered.ok) throw new Error(rendered.detail);
  return rendered.html;
}

function subject(text: string, values = FULL): string {
  const rendered = render('x', values, PLAIN, text);
  if (!rendered.ok) throw new Error(rendered.detail);
  return rendered.subject;
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe('dynamic fields', () => {
  test.each([
    ['{{name}}', 'Grace Harper'],
    ['{{first_name}} {{last_name}}', 'Grace Harper'],
    ['{{ person.first_name }}', 'Grace'],
    ['{{email}}', 'grace@example.com'],
    ['{{title}}', 'CTO'],
    ['{{company}}', 'Acme'],
    ['{{phone}}', '+49 30 1'],
    ['{{custom.city}}', 'Berlin'],
    ['{{person.custom.city}}', 'Berlin'],
    ['{{custom["city"]}}', 'Berlin'],
    ['{{sender_name}}', 'Ann Lee'],
    ['{{sender_email}}', 'ann@sales.example'],
    ['{{sales_campaign_name}}', 'Spring'],
    ['{{ first_name | upcase }}', 'GRACE'],
    ['{{ "Dear " | append: first_name }}', 'Dear Grace'],
    ['{% if title %}with{% else %}without{% endif %}', 'with'],
    ['{% assign who = first_name %}{{ who }}', 'Grace'],
    ['{% case company %}{% when "Acme" %}yes{% endcase %}', 'yes'],
    ['{% raw %}{{ x }}{% endraw %}', '{{ x }}'],
  ])('%s is filled', (text, filled) => {
    expect(subject(text)).toBe(filled);
    expect(html(text)).toBe(`<p>${filled}</p>`);
  });

  test.each([
    ['{{ phone | default: "none" }}', 'none'],
    ["{{ phone | upcase | default: 'none' }}", 'none'],
    ['{{ title | default: company }}', 'your company'],
    ['{{ custom.city | default: "your city" }}', 'your city'],
    ['{{ custom.constructor | default: "own" }}', 'own'],
    ['{{ custom.__proto__ | default: "own" }}', 'own'],
    ['-{{ first_name }}{{ last_name }}{{ title }}-', '--'],
    ['{{ company }}', 'your company'],
    ['{% if title %}with{% else %}without{% endif %}', 'without'],
    ['{% unless phone %}without{% endunless %}', 'without'],
    ['{% if custom.city == blank %}blank{% endif %}', 'blank'],
  ])('without a value %s falls back', (text, filled) => {
    expect(subject(text, EMPTY)).toBe(filled);
  });

  test.each([
    ['{{ email }}', 'email'],
    ['{{ phone }}', 'phone'],
    ['{{ phone | upcase }}', 'phone'],
    ['{{ "Call " | append: phone }}', 'phone'],
    ['{% assign x = phone %}{{ x }}', 'phone'],
    ['{{ custom.city }}', 'custom.city'],
    ['{{ custom.toString }}', 'custom.toString'],
    ['{{ sales_campaign_name }}', 'sales_campaign_name'],
  ])('without a value and a fallback %s stops the email', (text, field) => {
    for (const rendered of [render(text, EMPTY), render('x', EMPTY, PLAIN, text)]) {
      expect(rendered).toMatchObject({ ok: false, code: 'missing_field', field });
      expect(rendered).toMatchObject({ detail: expect.stringContaining(field) });
    }
  });

  test('values are never read as a template, nor as markup; in the subject they stand as they are', () => {
    const person = { ...FULL.person, first_name: '{{ email }}', company: '<b>A & B</b> {% if %}' };
    const values = { ...FULL, person };
    expect(html('<p>{{first_name}} {{company}}</p>', values)).toBe(
      '<p>{{ email }} &lt;b&gt;A &amp; B&lt;/b&gt; {% if %}</p>',
    );
    expect(subject('{{company}}', values)).toBe('<b>A & B</b> {% if %}');
    expect(html('{{custom.pet}}')).toBe('<p>Cat &amp; Dog</p>');
  });

  test('no value brings markup in, wherever it stands', () => {
    const parts = [
      '<script>',
      '"',
      "'",
      ' onload=x ',
      'javascript:',
      '<img src=x>',
      '</p>',
      '<!--',
      '`',
      '=',
      '&lt;',
      'a',
    ];
    const nasty = fc
      .array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 8 })
      .map((all) => all.join(''));
    const places = [
      '<p>X</p>',
      '<a href="X">x</a>',
      '<a href=X>x</a>',
      '<p title=\'X\' style="color: X">x</p>',
      'X',
      '<X>',
    ];
    fc.assert(
      fc.property(nasty, fc.constantFrom(...places), (value, place) => {
        const values = { ...FULL, person: { ...FULL.person, company: value } };
        const made = html(place.replaceAll('X', '{{company}}'), values);
        expect(made.match(/<(?!\/?(p|a|br)\b)/g)).toBeNull();
        expect(made).not.toMatch(/(href|src)="\s*javascript:/i);
        expect(made.replace(/"[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+=/i);
      }),
      { numRuns: 300 },
    );
  });

  test('the subject is one line without control characters, whatever the values are', () => {
    expect(subject('a\r\nBcc: x@y\u2028{{first_name}}\u0000\ud800')).toBe('a Bcc: x@y Grace');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const values = { ...FULL, person: { ...FULL.person, company: value } };
        // eslint-disable-next-line no-control-regex
        expect(subject('x {{company}}', values)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      }),
    );
    expect(render('x', EMPTY, PLAIN, '{{title}}')).toMatchObject({ ok: false, code: 'bad_template', field: 'subject' });
  });

  test('every language, direction and emoji arrives as it is', () => {
    for (const text of ['Ünïcödé ß', 'مرحبا بالعالم', 'שלום', '日本語のメール', '👩‍👩‍👧‍👦 🏳️‍🌈', 'नमस्ते']) {
      const values = { ...FULL, person: { ...FULL.person, company: text } };
      const rendered = render(`<p dir="rtl">${text} {{company}}</p>`, values, PLAIN, `${text} {{company}}`);
      expect(rendered).toEqual({
        ...{ ok: true, subject: `${text} ${text}`, html: `<p dir="rtl">${text} ${text}</p>` },
        text: `${text} ${text}\n`,
      });
    }
  });
});

describe('the signature', () => {
  const signed: RenderOptions = { signatureHtml: '<div>Ann<br />Sales</div>', unsubscribe: null };

  test('stands at its field, else at the end, and once', () => {
    expect(html('<p>Hi</p>{{signature}}<p>PS</p>', FULL, signed)).toBe('<p>Hi</p><div>Ann<br />Sales</div><p>PS</p>');
    expect(html('<p>Hi</p>', FULL, signed)).toBe('<p>Hi</p>\n<div>Ann<br />Sales</div>');
    expect(html('Hi\n\n{{ signature }}\n\nPS\n\n{{ signature }}', FULL, signed)).toBe(
      '<p>Hi</p>\n<div>Ann<br />Sales</div>\n<p>PS</p>',
    );
  });

  test('is made safe, may be plain text, and may be missing', () => {
    const of = (signatureHtml: string | null) => html('<p>Hi</p>', FULL, { signatureHtml, unsubscribe: null });
    expect(of('<p onclick="x">A<script>x</script></p>')).toBe('<p>Hi</p>\n<p>A</p>');
    expect(of('Ann & Co\nSales')).toBe('<p>Hi</p>\n<p>Ann &amp; Co<br />\nSales</p>');
    expect(of(null)).toBe('<p>Hi</p>');
    expect(html('<p>Hi</p>{{signature}}')).toBe('<p>Hi</p>');
  });

  test('is no field of the subject', () => {
    expect(checkSource({ subject: '{{signature}}', body: 'x' })).toMatchObject([
      { field: 'subject', line: 1, message: expect.stringContaining('belongs into the body') },
    ]);
  });
});

describe('the link to unsubscribe', () => {
  const with_ = (mode: 'append' | 'only_where_placed'): RenderOptions => ({
    signatureHtml: '<p>Ann</p>',
    unsubscribe: { url: URL, mode },
  });
  const HREF = 'href="https://mail.example/u/abc?x=1&amp;y=2"';

  test('stands where it is placed, once, however often it is', () => {
    const made = html('<p>{{team_unsubscribe}}</p><p>x</p><p>{{ team_unsubscribe }}</p>', FULL, with_('append'));
    expect(made).toBe(`<p><a ${HREF}>Unsubscribe</a></p><p>x</p><p></p>\n<p>Ann</p>`);
    expect(html('{{team_unsubscribe}}', FULL, with_('only_where_placed'))).toContain(HREF);
  });

  test('comes at the end, after the signature, where it is not placed: with commercial mail only', () => {
    const made = html('<p>Hi</p>', FULL, with_('append'));
    expect(count(made, HREF)).toBe(1);
    expect(made.indexOf('Ann')).toBeLessThan(made.indexOf(HREF));
    expect(html('<p>Hi</p>', FULL, with_('only_where_placed'))).not.toContain('href');
    expect(html('<p>Hi {{team_unsubscribe}}</p>')).toBe('<p>Hi </p>');
  });

  test('may be the address of a link in words of the writer’s own', () => {
    for (const quote of ['"', "'", '']) {
      const made = html(`<p><a href=${quote}{{team_unsubscribe}}${quote}>no more</a></p>`, FULL, with_('append'));
      expect(made).toContain(`<a ${HREF}>no more</a>`);
      expect(count(made, HREF)).toBe(1);
    }
  });

  test.each([
    '<!-- {{team_unsubscribe}} -->',
    '<style>{{team_unsubscribe}}</style>',
    '{% if phone == "no" %}{{team_unsubscribe}}{% endif %}',
    '<p title="{{team_unsubscribe}}">x</p>',
  ])('is appended where %s hides it', (body) => {
    expect(count(html(`<p>Hi</p>${body}`, FULL, with_('append')), HREF)).toBe(1);
  });

  test('is there exactly once, whatever is written around it', () => {
    const piece = fc.constantFrom(
      '{{team_unsubscribe}}',
      '<p>',
      '</p>',
      '<!--',
      '-->',
      'text',
      '<a href="',
      '">',
      '</a>',
      '\n\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(count(html(pieces.join(''), FULL, with_('append')), HREF)).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is wrong with a text', () => {
  test.each([
    ['{{frist_name}}', 'there is no dynamic field “frist_name” (line 1)'],
    ['a\nb {{ custom }}', 'there is no dynamic field “custom” (line 2)'],
    ['{{ person }}', 'there is no dynamic field “person” (line 1)'],
    ['{{ first_name.size }}', 'there is no dynamic field “first_name.size” (line 1)'],
    ['{{ __proto__ }}', 'there is no dynamic field “__proto__” (line 1)'],
    ['{{ constructor }}', 'there is no dynamic field “constructor” (line 1)'],
    ['{{ person.constructor }}', 'there is no dynamic field “person.constructor” (line 1)'],
    ['{{ custom[first_name] }}', 'there is no dynamic field “custom[first_name]” (line 1)'],
    ['{% if false %}{{ nobody }}{% endif %}', 'there is no dynamic field “nobody” (line 1)'],
    ['{{ nobody | default: "x" }}', 'there is no dynamic field “nobody” (line 1)'],
    ['{% for i in (1..9) %}{% endfor %}', 'the tag “for” cannot be used here (line 1)'],
    ['{% include "x" %}', 'the tag “include” cannot be used here (line 1)'],
    ['{% render "/etc/passwd" %}', 'the tag “render” cannot be used here (line 1)'],
    ['{% layout "x" %}', 'the tag “layout” cannot be used here (line 1)'],
    ['{% constructor %}', 'the tag “constructor” cannot be used here (line 1)'],
    ['{% __proto__ %}', 'the tag “__proto__” cannot be used here (line 1)'],
    ['{{ name | raw }}', 'the filter “raw” cannot be used here (line 1)'],
    ['{{ name | toString }}', 'the filter “toString” cannot be used here (line 1)'],
    ['\n\n{{ name | constructor }}', 'the filter “constructor” cannot be used here (line 3)'],
    ['{{ name', 'output "{{ name" not closed (line 1)'],
    ['{% if name %}', 'tag {% if name %} not closed (line 1)'],
  ])('%s: %s', (body, message) => {
    expect(checkSource({ subject: 'x', body })).toMatchObject([{ field: 'body', message, code: 'bad_template' }]);
    expect(checkSource({ subject: body })).toMatchObject([{ field: 'subject' }]);
    expect(render(body)).toMatchObject({ ok: false, code: 'bad_template', field: 'body' });
  });

  test('is all told at once, with places', () => {
    expect(checkSource({ subject: '{{ a }}', body: '{{ b }}\n  {{ c }}' })).toMatchObject([
      { field: 'subject', line: 1 },
      { field: 'body', line: 1 },
      { field: 'body', line: 2, column: 6 },
    ]);
    expect(checkSource({ subject: '{{ name }}', body: '{{ custom.any_at_all }}' })).toEqual([]);
  });
});

describe('hostile texts take neither long nor much', () => {
  const x = (times: number, text: string) => text.repeat(times);
  const grown = (filter: string) => `{% assign a = "x" %}${x(60, `{% assign a = a | ${filter} %}`)}{{ a }}`;
  const rich = { ...FULL, person: { ...FULL.person, custom: { long: x(1000, 'ab') } } };

  test.each([
    ['a doubling', grown('append: a')],
    ['a doubling by replacing', `{% assign a = "xxxxxxxx" %}${x(60, '{% assign a = a | replace: "x", a %}')}{{ a }}`],
    ['a range', '{% assign a = (1..100000000) %}{{ a }}'],
    ['nested conditions', x(20_000, '{% if name %}') + x(20_000, '{% endif %}')],
    ['much text', x(500_000, 'a')],
    ['fields, often', x(12_000, '{{custom.long}}')],
    ['as many fields as there may be', x(333, `{{custom.long}}${x(300, 'a')}`)],
    ['a long truncation', '{{ name | truncate: 99999999999 }}'],
    ['unclosed fields', x(190_000, '{{')],
    ['unclosed fields in raw', `{% raw %}${x(150_000, '{{')}{% endraw %}`],
    ['unclosed tags', x(190_000, '{%')],
    ['filters in a row', `{{ name ${x(30_000, '| upcase ')} }}`],
    ['operators in a row', `{% if name ${x(20_000, ' and name')} %}{% endif %}`],
    ['as many operators as there may be', `${x(200_000, 'a')}{% if name ${x(540, ' and name')} %}{% endif %}`],
    ['brackets', `{{ custom${x(50_000, '[')}`],
    ['open elements', x(60_000, '<div>')],
    ['open links', x(40_000, '<a href=')],
    ['open comments', `<p>${x(90_000, '<!--')}`],
    ['styles', `<p style="${x(40_000, 'color:red;')}">x</p>`],
    ['braces in a style', `<p style="${x(150_000, '{')}">x</p>`],
    ['blank lines', x(190_000, '\n')],
    ['entities', `<p>${x(60_000, '&#60;')}`],
    ['tables', x(20_000, '<table><tr><td>')],
  ])('%s', (_, body) => {
    const before = performance.now();
    const rendered = render(body, rich);
    checkSource({ subject: body, body });
    expect(performance.now() - before).toBeLessThan(5_000);
    if (rendered.ok) expect(rendered.html.length).toBeLessThan(1_100_000);
    else expect(['too_complex', 'bad_template']).toContain(rendered.code);
  });

  test.each([
    ['a doubling', grown('append: a')],
    ['much text', x(500_000, 'a')],
    ['fields, often', x(15_000, '{{custom.long}}')],
  ])('%s is refused as too much', (_, body) => {
    expect(render(body, rich)).toMatchObject({ ok: false, code: 'too_complex', field: 'body' });
  });

  test('an email that grows out of long values is refused as too much', () => {
    const longer = { ...FULL, person: { ...FULL.person, custom: { long: x(3_100, 'a') } } };
    const refused = { ok: false, code: 'too_complex', field: 'body', detail: 'The email is too long.' };
    expect(render(x(330, '{{custom.long}}'), longer)).toEqual(refused);
    expect(render(x(300, '{{custom.long}}'), longer)).toMatchObject({ ok: true });
  });

  test('whatever is written, the answer is a value and no exception', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      ' if ',
      'endif',
      'name',
      '|',
      'default',
      ':',
      '"',
      'custom',
      '.',
      '[',
      ']',
      '<p>',
      '(1..9)',
      'assign a =',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        const rendered = render(text, EMPTY, { signatureHtml: text, unsubscribe: { url: URL, mode: 'append' } }, text);
        expect(typeof rendered.ok).toBe('boolean');
      }),
      { numRuns: 1_000 },
    );
  });
});
