import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { htmlSource } from '../../../src/command-center/content/html-source.js';
import { makeSafe } from '../../../src/command-center/content/make-safe.js';
import { textPart } from '../../../src/command-center/content/text-part.js';

describe('HTML made safe', () => {
  test.each([
    ['a script', '<p>a</p><script>alert(1)</script>', '<p>a</p>'],
    ['a style', '<style>p{color:red}</style><p>a</p>', '<p>a</p>'],
    ['a handler', '<p onclick="x()" onload=x>a</p>', '<p>a</p>'],
    ['a form', '<form action="https://x"><input name="a"><button>b</button></form>', 'b'],
    ['a frame', '<iframe src="https://x">a</iframe>b', 'b'],
    ['an object', '<object data="x"></object><embed src="x">a', 'a'],
    ['an SVG', '<svg><script>x</script><a href="javascript:x">y</a></svg>b', 'b'],
    ['a comment', '<!--[if mso]><p>a</p><![endif]-->b', 'b'],
    ['a base and a refresh', '<base href="//x"><meta http-equiv="refresh" content="0;url=//x">a', 'a'],
    ['a script link', '<a href="javascript:x">a</a>', '<a>a</a>'],
    ['a hidden script link', '<a href=" java\tscript&#58;x">a</a>', '<a>a</a>'],
    ['a script link with an entity', '<a href="java&#129;script:x">a</a>', '<a href="java\uFFFDscript:x">a</a>'],
    ['a data link', '<a href="data:text/html,x">a</a>', '<a>a</a>'],
    ['a link without a scheme', '<a href="//evil.example">a</a>', '<a>a</a>'],
    ['a data image', '<img src="data:image/svg+xml,x" alt="a">b', 'b'],
    ['an image as a script', '<img src=x onerror=alert(1)>', '<img src="x" />'],
    ['ids and classes', '<p id="a" class="b" name="c">a</p>', '<p>a</p>'],
    ['a place elsewhere', '<p style="position:fixed;top:0;color:red">a</p>', '<p style="color:red">a</p>'],
    [
      'a picture in a style',
      '<p style="background:url(https://x);border:1px solid red">a</p>',
      '<p style="border:1px solid red">a</p>',
    ],
    ['what moves over other things', '<p style="margin:-99px;padding:1px">a</p>', '<p style="padding:1px">a</p>'],
    ['what hides', '<p style="display:none;opacity:0">a</p>', '<p>a</p>'],
    ['an expression', '<p style="width:expression(x)">a</p>', '<p>a</p>'],
  ])('loses %s', (_, html, safe) => {
    expect(makeSafe(html)).toBe(safe);
  });

  test.each([
    '<p style="color:#333;font-size:14px;font-family:Arial, sans-serif">a</p>',
    '<a href="https://x.example/a?b=1&amp;c=2">a</a>',
    '<a href="mailto:a@b.example">a</a><a href="tel:+4930">b</a>',
    '<img src="https://x.example/a.png" alt="a" width="10" height="10" /><img src="cid:logo" />',
    '<table width="600" cellpadding="0" bgcolor="#ffffff"><tbody><tr><td colspan="2" align="center">a</td></tr></tbody></table>',
    '<p dir="rtl" lang="ar">مرحبا</p>',
    '<ul><li><b>a</b></li></ul><blockquote>b<br />c</blockquote>',
  ])('keeps %s', (html) => {
    expect(makeSafe(html)).toBe(html);
  });

  test('is not nested without end', () => {
    const deep = makeSafe(`${'<div>'.repeat(5_000)}a`);
    expect(deep.split('<div>').length - 1).toBe(100);
    expect(deep).toContain('a');
  });

  test('is what it was when it is made safe again', () => {
    const parts = [
      '<p>',
      '</p>',
      '<a href="',
      '">',
      '<img src=',
      '<script>',
      '</script>',
      '<!--',
      '-->',
      '&lt;',
      '&amp;amp;',
      '&#1;',
      'javascript:',
      '<svg>',
      ' style="color:red"',
      '<',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'binary' })), { maxLength: 12 });
    fc.assert(
      fc.property(text, (pieces) => {
        const once = makeSafe(pieces.join(''));
        expect(makeSafe(once)).toBe(once);
        expect(once).not.toMatch(/<(script|svg|!--)|(href|src)="\s*javascript:/i);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what somebody wrote, as HTML', () => {
  test.each([
    ['a\nb\n\nc', '<p>a<br>\nb</p>\n<p>c</p>'],
    ['a\r\nb\r\n\r\n\r\nc\n', '<p>a<br>\nb</p>\n<p>c</p>'],
    ['1 < 2 & "so"', '<p>1 &lt; 2 &amp; &quot;so&quot;</p>'],
    ['Ann <ann@example.com>', '<p>Ann &lt;ann@example.com&gt;</p>'],
    ['a <b and c> d', '<p>a &lt;b and c&gt; d</p>'],
    [
      '{{ name | default: "you & me" }}\n\n{% assign x =\n\n"a" %}',
      '<p>{{ name | default: "you & me" }}</p>\n<p>{% assign x =\n\n"a" %}</p>',
    ],
    ['Hi\n\n{{signature}}', '<p>Hi</p>\n{{signature}}'],
    ['{{ name', '<p>{{ name</p>'],
    ['  \n ', ''],
    ['<p>a</p>\n<p>b</p>', '<p>a</p>\n<p>b</p>'],
    ['a<br>b', 'a<br>b'],
    ['a<BR/>b', 'a<BR/>b'],
  ])('%j', (body, html) => {
    expect(htmlSource(body)).toBe(html);
  });

  test('plain text arrives as it was, line by line', () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((text) => /^[^\s\p{C}{}<]+$/u.test(text));
    const lines = fc.array(
      fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(lines, (all) => {
        expect(textPart(makeSafe(htmlSource(all.join('\n'))))).toBe(`${all.join('\n')}\n`);
      }),
    );
  });
});

describe('the part for readers of plain text', () => {
  test.each([
    ['<p>a</p><p>b<br>c</p>', 'a\n\nb\nc\n'],
    ['<a href="https://x.example">here</a>', 'here <https://x.example>\n'],
    ['<a href="https://x.example">https://x.example</a>', 'https://x.example\n'],
    ['<h1>Big</h1><ul><li>a</li><li>b</li></ul>', 'Big\n\n * a\n * b\n'],
    ['<p>a &lt;b&gt; &amp; c <img src="https://x/y.png" alt="z"></p>', 'a <b> & c\n'],
  ])('%s', (html, text) => {
    expect(textPart(html)).toBe(text);
  });
});
