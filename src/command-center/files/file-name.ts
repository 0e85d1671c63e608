import { lookup } from 'mime-types';

const NAME_MAX = 200;

// What Gmail and Outlook refuse whatever is in it: an email with such a file arrives nowhere.
const REFUSED_EVERYWHERE = new Set(
  (
    'ade adp apk appx appxbundle bat cab chm cmd com cpl dll dmg exe hta inf ins iso isp jar js jse lib lnk mde msc ' +
    'msi msix msixbundle msp mst nsh pif ps1 reg scr sct shb sys vb vbe vbs vhd vhdx vxd wsc wsf wsh xll'
  ).split(' '),
);

export type CheckedName = { ok: true; name: string; mediaType: string } | { ok: false; message: string };

/** Pure: the name that a file is kept and sent under, without a path and without what could break a header. */
export function checkedName(given: string): CheckedName {
  const base = given.split(/[/\\]/).at(-1) ?? '';
  const name = base
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    // Windows ignores them: “setup.exe.” would be a program there.
    .replace(/[. ]+$/, '');
  if (name === '') return { ok: false, message: 'must be the name of a file' };
  if (name.length > NAME_MAX) return { ok: false, message: `must have at most ${NAME_MAX} characters` };
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (REFUSED_EVERYWHERE.has(extension)) {
    return { ok: false, message: `is of a kind that mail servers refuse (.${extension}), whatever is in it` };
  }
  return { ok: true, name, mediaType: lookup(name) || 'application/octet-stream' };
}
