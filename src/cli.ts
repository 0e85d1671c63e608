import { OperatorCli } from './cli/operator-cli.js';
import { runCli } from './cli/run-cli.js';

process.exitCode = await runCli(process.argv.slice(2), new OperatorCli());
