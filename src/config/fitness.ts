import { type Config, ConfigError } from './config.js';

const LOOPBACK = /^\w+:\/\/(localhost|127\.|\[::1\])/i;

/** Refuses to start with values that parse but cannot be meant, and in production with those of a trial. */
export function requireFitness(config: Config): void {
  const problems = [...missing(config), ...(config.production ? unfitForProduction(config) : unfitForTrial(config))];
  if (problems.length === 0) return;
  throw new ConfigError(`The configuration is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function missing(config: Config): string[] {
  const empty = [
    ...(['DATABASE_URL', 'REDIS_URL'] as const).filter((name) => config.get(name).trim() === ''),
    ...(config.get('ENCRYPTION_KEYS').size === 0 ? ['ENCRYPTION_KEYS'] : []),
  ];
  return empty.map((name) => `${name}: is empty`);
}

/** A trial must not write to real people. */
function unfitForTrial(config: Config): string[] {
  const url = config.get('SMTP_URL');
  if (url === '' || isLoopback(url)) return [];
  return ['SMTP_URL: only a mail server on this machine (127.0.0.1) is used unless NODE_ENV=production'];
}

/** By the parsed host, so that a user name that looks like one does not pass. */
function isLoopback(url: string): boolean {
  if (!/^smtps?:/i.test(url) || !URL.canParse(url)) return false;
  // Of a scheme that is not the web's the host is left as it was written.
  const { hostname, search } = new URL(url.replace(/^smtps?:/i, 'http:'));
  // nodemailer takes options from there, a proxy among them.
  if (search !== '') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function unfitForProduction(config: Config): string[] {
  const problems: string[] = [];
  const publicUrl = config.get('PUBLIC_URL');
  if (!publicUrl.startsWith('https://') || LOOPBACK.test(publicUrl)) {
    problems.push('PUBLIC_URL: must be set to the https:// address of this service when NODE_ENV=production');
  }
  if (config.get('SMTP_URL') !== '' && /@localhost>?$/.test(config.get('MAIL_FROM'))) {
    problems.push('MAIL_FROM: must be an address of yours where SMTP_URL is set and NODE_ENV=production');
  }
  if (config.get('MAIL_PROVIDER_SANDBOX') !== '') {
    problems.push('MAIL_PROVIDER_SANDBOX: is for the sandbox, refused when NODE_ENV=production');
  }
  for (const host of config.get('SALESFORCE_LOGIN_HOSTS')) {
    if (host.startsWith('https://') && !LOOPBACK.test(host)) continue;
    problems.push(`SALESFORCE_LOGIN_HOSTS: ${host} is a sandbox address, refused when NODE_ENV=production`);
  }
  return problems;
}
