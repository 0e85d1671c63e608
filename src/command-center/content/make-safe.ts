import sanitizeHtml from 'sanitize-html';

const COLOR = [/^#[0-9a-f]{3,8}$/i, /^[a-z]{3,30}$/i, /^rgba?\([\d\s,.%/]{1,40}\)$/i];
// None below zero: what is shown may not move over what is around it.
const SIZE = [/^\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%)?$/i, /^(auto|normal|inherit)$/i];
const SIZES = [/^(\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%)?\s*|auto\s*){1,4}$/i];
const WORD = [/^[a-z-]{1,30}$/i];
const BORDER = [/^[a-z0-9#.\s]{1,60}$/i];

const STYLES: Record<string, RegExp[]> = {
  color: COLOR,
  'background-color': COLOR,
  'font-family': [/^[\w\s"',-]{1,200}$/],
  'font-size': [...SIZE, ...WORD],
  'font-style': WORD,
  'font-weight': [/^(\d{3}|[a-z]+)$/i],
  'line-height': SIZE,
  'letter-spacing': SIZE,
  'text-align': WORD,
  'text-decoration': WORD,
  'text-transform': WORD,
  'vertical-align': [...SIZE, ...WORD],
  'white-space': WORD,
  direction: WORD,
  width: SIZE,
  'max-width': SIZE,
  'min-width': SIZE,
  height: SIZE,
  margin: SIZES,
  'margin-top': SIZE,
  'margin-right': SIZE,
  'margin-bottom': SIZE,
  'margin-left': SIZE,
  padding: SIZES,
  'padding-top': SIZE,
  'padding-right': SIZE,
  'padding-bottom': SIZE,
  'padding-left': SIZE,
  border: BORDER,
  'border-top': BORDER,
  'border-right': BORDER,
  'border-bottom': BORDER,
  'border-left': BORDER,
  'border-radius': SIZES,
  'border-collapse': WORD,
  'list-style-type': WORD,
};

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'p',
      'br',
      'div',
      'span',
      'a',
      'b',
      'strong',
      'i',
      'em',
      'u',
      's',
      'strike',
      'del',
      'ins',
      'small',
      'sub',
      'sup',
    ],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'blockquote', 'pre', 'code', 'hr'],
    ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'img', 'font', 'center'],
  ],
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'title', 'align', 'valign'],
    a: ['href'],
    img: ['src', 'alt', 'width', 'height', 'border'],
    table: ['width', 'height', 'border', 'cellpadding', 'cellspacing', 'bgcolor', 'role'],
    td: ['width', 'height', 'colspan', 'rowspan', 'bgcolor'],
    th: ['width', 'height', 'colspan', 'rowspan', 'bgcolor', 'scope'],
    tr: ['bgcolor'],
    col: ['width', 'span'],
    ol: ['start', 'type'],
    font: ['color', 'face', 'size'],
  },
  allowedStyles: { '*': STYLES },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https', 'cid'] },
  allowProtocolRelative: false,
  // Its text is no text either.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'template',
    'xmp',
    'iframe',
    'svg',
    'math',
  ],
  // What is nested deeper than any mail is an attack on whoever shows it.
  nestingLimit: 100,
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src,
};

// No text has them, and some stores refuse them. Line breaks and tabs are none of these.
const UNWRITABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

/**
 * The part of HTML that mail needs: nothing that runs, submits or loads in any other way than an image. What only an
 * entity brought in is replaced, not taken out: a link would be another one without it.
 */
export function makeSafe(html: string): string {
  return sanitizeHtml(html.replace(UNWRITABLE, ''), OPTIONS).replace(UNWRITABLE, '\uFFFD').trim();
}
