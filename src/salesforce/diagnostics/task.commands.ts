import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { Cli } from '../../platform/cli/cli.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { listWords } from './field-words.js';
import { OperatorTasksService } from './operator-tasks.service.js';
import type { TraceHeadDto, TraceLineDto } from './trace.dto.js';

interface TaskOptions {
  team?: string;
  json?: boolean;
}

const ID = 'id of the task here, or of its Salesforce Task (00T…)';

export function registerTaskCommands(program: Command, cli: Cli): void {
  const task = program.command('task').description('one task and its sync with Salesforce');
  task
    .command('show')
    .description('where a task stands between here and Salesforce, and what was tried and changed')
    .argument('<id>', ID)
    .option('--team <id>', 'look in this team only')
    .option('--limit <number>', 'lines of the trace', '50')
    .option('--json', 'print JSON')
    .action((id: string, options: TaskOptions & { limit: string }) =>
      cli.withApp((app) => showTask(app, cli, id, options)),
    );
  task
    .command('redo')
    .description('bring a task into step again at once, whatever it waited for')
    .argument('<id>', ID)
    .option('--team <id>', 'look in this team only')
    .option('--json', 'print JSON')
    .action((id: string, options: TaskOptions) => cli.withApp((app) => redoTask(app, cli, id, options)));
}

async function showTask(
  app: INestApplicationContext,
  cli: Cli,
  id: string,
  options: TaskOptions & { limit: string },
): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new ProductError('invalid_input', '--limit takes a number from 1 to 1000.');
  }
  const trace = await app.get(OperatorTasksService).show(id, options.team, limit);
  if (options.json) return cli.print(JSON.stringify(trace));
  for (const line of headLines(trace.head)) cli.print(line);
  cli.print('');
  for (const line of trace.data) cli.print(traceLine(line));
  if (trace.data.length === 0) cli.print('Nothing was tried or changed yet.');
  if (trace.next) cli.print(`… and more: --limit ${limit * 2} shows some of it.`);
}

async function redoTask(app: INestApplicationContext, cli: Cli, id: string, options: TaskOptions): Promise<void> {
  const head = await app.get(OperatorTasksService).redo(id, options.team);
  if (options.json) return cli.print(JSON.stringify(head));
  for (const line of headLines(head)) cli.print(line);
  cli.print('');
  cli.print(
    'It is marked. The next run reads the Task there, merges both sides, and writes only what differs; a worker does it within seconds unless it says above what it waits for.',
  );
}

function headLines(head: TraceHeadDto): string[] {
  const time = (at: Date | null) => at && at.toISOString();
  const rows: [string, string | null | false][] = [
    ['Task', `${head.task_id}  ${head.task_name}${head.deleted ? '  (deleted)' : ''}`],
    ['Salesforce', head.salesforce_id ?? 'not there yet'],
    ['State', `${head.state}: ${head.sentence}`],
    ['Due since', time(head.due_since)],
    ['Not before', time(head.not_before)],
    ['Attempts', head.attempts > 0 && `${head.attempts} failed`],
    ['In doubt', head.in_doubt && `${head.in_doubt.operation}, sent at ${head.in_doubt.at}`],
    ['Parked', head.parked && `${head.parked.code}: ${head.parked.sentence} ${head.parked.advice}`],
    ['Archived', head.archived && 'yes: it is only read there'],
    ['Agreed on', head.agreed && agreedWords(head.agreed.there)],
  ];
  return rows.flatMap(([name, value]) => (value ? [`${name.padEnd(12)}${value}`] : []));
}

/** What both sides agreed on has no secrets but may be long: which fields, and the short ones' values. */
function agreedWords(there: Record<string, string | null>): string {
  const filled = Object.entries(there).filter(([, value]) => value !== null);
  return filled.map(([field, value]) => `${listWords([field])} “${(value ?? '').slice(0, 40)}”`).join(', ');
}

function traceLine({ at, kind, sentence }: TraceLineDto): string {
  return `${at.toISOString()}  ${kind.padEnd(8)}  ${sentence}`;
}
