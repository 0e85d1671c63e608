import { describe, expect, test } from '@jest/globals';
import { checkedName } from '../../../src/command-center/files/file-name.js';

describe('The name of a file', () => {
  test.each([
    ['Price list.pdf', 'Price list.pdf', 'application/pdf'],
    ['C:\\Users\\ann\\Angebot für Łódź.docx', 'Angebot für Łódź.docx', /wordprocessingml/],
    ['../../etc/passwd', 'passwd', 'application/octet-stream'],
    ['a\r\nBcc: x@evil.example.pdf', 'a Bcc: x@evil.example.pdf', 'application/pdf'],
    ['invoice\u202Efdp.txt', 'invoice fdp.txt', 'text/plain'],
    ['報告.xlsx', '報告.xlsx', /spreadsheetml/],
    ['The end...', 'The end', 'application/octet-stream'],
    ['.htaccess', '.htaccess', 'application/octet-stream'],
  ])('%j is kept as %j', (given, name, mediaType) => {
    const checked = checkedName(given);
    if (!checked.ok) throw new Error(checked.message);
    expect(checked.name).toBe(name);
    expect(checked.mediaType).toMatch(mediaType);
  });

  test.each(['', '   ', 'folder/', '..', '\u200b', 'x'.repeat(201)])('%j is refused', (given) => {
    expect(checkedName(given).ok).toBe(false);
  });

  test.each(['setup.EXE', 'notes.pdf.js', 'a.lnk', 'macro.vbs ', 'setup.exe.', 'setup.exe . .'])(
    '%j is of a kind that arrives nowhere',
    (given) => {
      expect(checkedName(given)).toMatchObject({ ok: false, message: expect.stringContaining('mail servers refuse') });
    },
  );
});
