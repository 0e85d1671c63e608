const HOME = '/tasks';
const MOST = 1_000;

/** Pure: where to go after signing in. Only paths of this site, of plain characters: anybody may have made the link. */
export function ownPath(given: string | undefined): string {
  const isPlain = given !== undefined && given.length <= MOST && /^\/(?!\/)[\w\-./?&=%~:,+]*$/.test(given);
  return isPlain && !given.startsWith('/sign-in') && !given.startsWith('/v1/') ? given : HOME;
}
