import { createPrivateKey, type KeyObject } from 'node:crypto';
import { bool, cleanEnv, makeValidator, num, port, str } from 'envalid';

export type Role = 'api' | 'worker' | 'all';

// Exactly 32 bytes each, so that a short pass phrase cannot pass for a key.
const encryptionKeys = makeValidator<ReadonlyMap<string, Buffer>>((input) => {
  const keys = new Map<string, Buffer>();
  for (const part of input.split(',').filter(Boolean)) {
    const [id, base64] = part.split(':');
    const key = Buffer.from(base64 ?? '', 'base64');
    if (!id || key.length !== 32) throw new Error('expected ID:BASE64 of 32 bytes, several separated by commas');
    keys.set(id, key);
  }
  return keys;
});

const MIN_RSA_BITS = 2048;

// One or none. In an environment variable line breaks are often written as \n.
const rsaKey = makeValidator<readonly KeyObject[]>((input) => {
  if (input.trim() === '') return [];
  const key = readKey(input.replaceAll('\\n', '\n'));
  const bits = key?.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  if (!key || bits < MIN_RSA_BITS)
    throw new Error(`expected an RSA private key of ${MIN_RSA_BITS} bits or more, as PEM`);
  return [key];
});

/** What is wrong with a secret is not told by whoever reads it: the message might repeat it. */
function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

const list = makeValidator<readonly string[]>((input) =>
  input
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** Every variable, its default and its meaning. Nothing else reads the environment. */
export const variables = {
  NODE_ENV: str({
    choices: ['development', 'test', 'production'],
    default: 'development',
    desc: 'production refuses every sandbox part',
  }),
  ROLE: str<Role>({
    choices: ['api', 'worker', 'all'],
    default: 'all',
    desc: 'what this process does: serve HTTP, do background work, or both',
  }),
  HOST: str({ default: '127.0.0.1', desc: 'address that the API listens on' }),
  PORT: port({ default: 3000, desc: 'port that the API listens on' }),
  PUBLIC_URL: str({
    default: '',
    desc: 'how browsers reach this service, e.g. https://command.example.com; defaults to HOST and PORT',
  }),
  SESSION_MAX_HOURS: num({ default: 720, desc: 'after how long one must sign in again, hours' }),
  SESSION_IDLE_HOURS: num({ default: 168, desc: 'after how long without use one must sign in again, hours' }),
  DATABASE_URL: str({ desc: 'Postgres 16 or later, e.g. postgres://user:secret@host/command_center' }),
  DATABASE_POOL: num({ default: 10, desc: 'Postgres connections of this process' }),
  REDIS_URL: str({
    desc: 'Redis 6 or later, e.g. redis://host:6379; holds wake-ups and counters only, nothing that cannot be lost',
  }),
  REDIS_PREFIX: str({ default: 'command-center', desc: 'prefix of the keys in Redis' }),
  ENCRYPTION_KEYS: encryptionKeys({
    desc: 'keys for stored secrets, ID:BASE64 of 32 bytes, newest first, several separated by commas',
    example: 'k1:5yq…=',
  }),
  LOG_LEVEL: str({
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    desc: 'least severe level that is logged',
  }),
  METRICS_TOKEN: str({
    default: '',
    desc: 'who sends it as a bearer token may read /metrics; empty: only from this machine itself',
  }),
  MIGRATE_ON_START: bool({ default: true, desc: 'apply migrations that are missing before starting' }),
  RATE_LIMIT_PER_MINUTE: num({
    default: 6000,
    desc: 'requests that one user or one key of a team may send in a minute; 0: without limit',
  }),
  RATE_LIMIT_PUBLIC_PER_MINUTE: num({
    default: 600,
    desc: 'requests to routes without sign-in that one address may send in a minute; 0: without limit',
  }),
  TRUSTED_PROXIES: list({
    default: [],
    desc: "proxies in front whose X-Forwarded-For tells the caller's address: loopback, uniquelocal, addresses or networks (10.0.0.0/8), separated by commas",
  }),
  SMTP_URL: str({
    default: '',
    desc: 'mail server for invitations and new passwords, smtp(s)://user:secret@host:port; without it admins pass links on',
  }),
  MAIL_FROM: str({
    default: 'Command Center <command-center@localhost>',
    desc: 'sender of these mails',
  }),
  CHANNEL_INTERNAL_HOSTS: list({
    default: [],
    desc: 'mail servers in your own network that delivery channels may use, host:port separated by commas; others must be on the internet',
  }),
  GOOGLE_CLIENT_ID: str({ default: '', desc: 'OAuth client of Google by which Gmail mailboxes are connected' }),
  GOOGLE_CLIENT_SECRET: str({ default: '', desc: 'secret of that OAuth client' }),
  MICROSOFT_CLIENT_ID: str({
    default: '',
    desc: 'application (client) id of Microsoft Entra by which Microsoft 365 mailboxes are connected',
  }),
  MICROSOFT_CLIENT_SECRET: str({ default: '', desc: 'client secret of that application' }),
  MICROSOFT_TENANT: str({
    default: 'organizations',
    desc: 'whose mailboxes: organizations, or the id of your own tenant',
  }),
  MAIL_PROVIDER_SANDBOX: str({
    default: '',
    desc: 'where the sandbox plays both providers, http://host:port,smtp-host:port; refused in production',
  }),
  EMAIL_LATE_AFTER_HOURS: num({
    default: 12,
    desc: 'an email that is so many hours late because nobody was there to send it leaves at the same time of the next day; 0: always at once',
  }),
  SALESFORCE_CLIENT_ID: str({ default: '', desc: 'consumer key of the External Client App' }),
  SALESFORCE_CLIENT_SECRET: str({ default: '', desc: 'consumer secret of the External Client App' }),
  SALESFORCE_JWT_PRIVATE_KEY: rsaKey({
    default: [],
    desc: 'RSA key (PEM) whose certificate the External Client App has: connects without a person (JWT bearer flow)',
  }),
  SALESFORCE_LOGIN_HOSTS: list({
    default: ['https://login.salesforce.com', 'https://test.salesforce.com'],
    desc: 'addresses one may log in at, besides *.my.salesforce.com; separated by commas',
  }),
  SALESFORCE_SIGN_IN_URL: str({
    default: '',
    desc: 'where people sign in with Salesforce, e.g. https://acme.my.salesforce.com; empty: the first of SALESFORCE_LOGIN_HOSTS',
  }),
  SALESFORCE_API_VERSION: str({ default: '62.0', desc: 'version of the Salesforce REST API' }),
  SALESFORCE_TIMEOUT_MS: num({
    default: 60_000,
    desc: 'longest time that one Salesforce call may take, milliseconds',
  }),
  SALESFORCE_POLL_SECONDS: num({ default: 30, desc: 'how often each Salesforce org is asked for changes, seconds' }),
  SALESFORCE_RECONCILE_DAYS: num({
    default: 7,
    desc: 'how often both sides are compared as a whole, days, at night; 0: only on demand and after a long outage',
  }),
  SALESFORCE_RECONCILE_HOUR: num({
    default: 1,
    desc: 'hour (UTC) when the night begins: reconciles start within four hours, spread over the teams',
  }),
  SWEEP_SECONDS: num({ default: 5, desc: 'how often a worker looks for due work that nobody was woken for, seconds' }),
} as const;

type Variables = ReturnType<typeof parse>;

function parse(env: NodeJS.ProcessEnv) {
  return cleanEnv(env, variables, {
    reporter: ({ errors }) => {
      const lines = Object.entries(errors).map(([name, error]) => `  ${name}: ${error?.message || 'missing'}`);
      if (lines.length > 0) throw new ConfigError(`The configuration is not complete:\n${lines.join('\n')}`);
    },
  });
}

export class ConfigError extends Error {}

/** The configuration of this process: parsed once at start, then only read. */
export class Config {
  constructor(private readonly values: Variables) {}

  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): Config {
    return new Config(parse(env));
  }

  with(changes: Partial<Variables>): Config {
    return new Config({ ...this.values, ...changes });
  }

  get<K extends keyof Variables>(name: K): Variables[K] {
    return this.values[name];
  }

  get production(): boolean {
    return this.values.NODE_ENV === 'production';
  }

  get publicUrl(): string {
    return (this.values.PUBLIC_URL || `http://${this.values.HOST}:${this.values.PORT}`).replace(/\/+$/, '');
  }
}
