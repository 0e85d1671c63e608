import { bool, num, port, str } from 'envalid';
import { Config, ConfigError, variables } from './config.js';
import { requireFitness } from './fitness.js';

/** A variable, in words. */
export interface DescribedVariable {
  name: string;
  type: string;
  /** Undefined: there is none. */
  default: string | undefined;
  meaning: string;
  /** No start without it: never, in production, always. */
  needed: 'always' | 'in production' | 'no';
}

interface Spec {
  _parse: unknown;
  choices?: readonly unknown[];
  default?: unknown;
  desc?: string;
}

// envalid keeps a variable's parser, not the name of its type; each of its validators has one parser.
const TYPES: readonly [Spec, string][] = [
  [str(), 'text'],
  [num(), 'number'],
  [port(), 'port'],
  [bool(), 'true or false'],
  [variables.SALESFORCE_JWT_PRIVATE_KEY, 'PEM'],
];

/** Every variable as the schema has it. */
export function describeVariables(): DescribedVariable[] {
  const refused = refusedInProduction();
  return Object.entries(variables as unknown as Record<string, Spec>).map(([name, spec]) => ({
    name,
    type: typeOf(spec),
    default: spec.default === undefined ? undefined : textOf(spec.default),
    meaning: spec.desc ?? '',
    needed: !('default' in spec) ? 'always' : refused.has(name) ? 'in production' : 'no',
  }));
}

function typeOf(spec: Spec): string {
  if (spec.choices) return spec.choices.map((choice) => `\`${String(choice)}\``).join(', ');
  const [, known] = TYPES.find(([{ _parse }]) => _parse === spec._parse) ?? [];
  return known ?? 'list';
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Whose default production refuses: asked of the check itself. */
function refusedInProduction(): ReadonlySet<string> {
  const key = `k:${Buffer.alloc(32).toString('base64')}`;
  const env = { NODE_ENV: 'production', DATABASE_URL: 'x', REDIS_URL: 'x', ENCRYPTION_KEYS: key };
  try {
    requireFitness(Config.fromEnvironment(env));
    return new Set();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return new Set([...error.message.matchAll(/^ {2}([A-Z0-9_]+):/gm)].map(([, name]) => name ?? ''));
  }
}

/** docs/configuration.md. */
export function configurationPage(): string {
  const rows = describeVariables().map(
    ({ name, type, default: value, needed, meaning }) =>
      `| \`${name}\` | ${type} | ${value === undefined || value === '' ? '—' : `\`${value}\``} | ${needed} | ${cell(meaning)} |`,
  );
  return [
    '# Configuration',
    '',
    'Environment variables, all of them; `src/config/config.ts` is where they come from and `npm run docs:config` made this',
    'page. A missing or wrong one ends the start with a line for each.',
    '',
    '| variable | type | default | needed | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
