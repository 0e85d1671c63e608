export default async function globalTeardown() {
  const child = globalThis.testServers;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.stdin.end();
  });
  await globalThis.testPrograms.remove();
}
