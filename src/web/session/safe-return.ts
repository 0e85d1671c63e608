/** Pure: where to go after signing in. Only paths of this site: an address sent by mail may name any. */
export function safeReturn(given: string | null): string {
  const isOwnPath = given !== null && /^\/(?![/\\])/.test(given) && !given.startsWith('/sign-in');
  return isOwnPath ? given : '/tasks';
}
