/*
 * `npm start`. With DATABASE_URL it is the service on that database, as main.ts is; without, the sandbox, which brings
 * its own servers and a simulated Salesforce. The sandbox is loaded only then.
 */
const args = process.argv.slice(2);
if (process.env.DATABASE_URL && args.length === 0) {
  await import('./main.js');
} else if (process.env.DATABASE_URL && !args.includes('--help')) {
  console.error(`DATABASE_URL is set: that starts the service on it, without options. Unset it for ${args.join(' ')}.`);
  process.exitCode = 1;
} else {
  const { run } = await import('./sandbox/start/run.js');
  process.exit(await run(args));
}
