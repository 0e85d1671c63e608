interface Said {
  title: string;
  text: string;
}

const PROBLEMS: Readonly<Record<string, Said>> = {
  not_offered: {
    title: 'Not possible here',
    text: 'Signing in with Salesforce is not set up on this server. Use your password, or ask your admin.',
  },
  host_refused: {
    title: 'This address is not allowed',
    text: 'The address of Salesforce that this server has is none of Salesforce. Tell your admin: SALESFORCE_SIGN_IN_URL.',
  },
  expired: {
    title: 'That took too long',
    text: 'The sign-in is over: it was used already, begun in another browser, or took longer than ten minutes. Try again.',
  },
  denied: {
    title: 'Salesforce did not let you in',
    text: 'You did not allow the access. Try again, or use your password.',
  },
  failed: {
    title: 'Salesforce refused the sign-in',
    text: 'Try again. If it stays, tell your admin: the server’s log says why.',
  },
  org_unknown: {
    title: 'Your Salesforce is not connected here',
    text: 'No team here is connected to the Salesforce org that you signed in to. Use your password, or ask your admin.',
  },
  user_unknown: {
    title: 'Nobody here is this Salesforce user',
    text: 'Your address there must be verified and the same as here. Or ask your admin to choose your Salesforce user for you.',
  },
  unavailable: { title: 'Salesforce does not answer', text: 'Try again in a minute, or use your password.' },
};

/** Pure: what the address says went wrong; never a text of the address itself. */
export function signInProblem(code: string | null): Said | undefined {
  return code !== null && Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
}
