// Run as a process of its own with TZ set, by dates.process.spec.ts: ten round trips of due dates.
import 'reflect-metadata';
import { SyncWorld } from '../../support/sync-world.js';

const days = ['2026-03-08', '2026-03-29', '2026-10-25', '2026-12-31', '2028-02-29'];
const world = await SyncWorld.create({ reps: 1 });
await world.enrol();
const [rep] = world.reps;
const tasks = await Promise.all(days.map((due_date) => world.createHere({ name: due_date, due_date })));
await world.sync();
for (let round = 0; round < 10; round++) {
  for (const [index, task] of tasks.entries()) {
    const there = await world.thereOf(task.id);
    // The date itself is written again, each time from the other side.
    if (round % 2 === 0) await world.editThere(there.Id, { ActivityDate: null }, rep);
    else await world.editHere(task.id, { due_date: days[index] });
  }
  await world.sync();
  for (const [index, task] of tasks.entries()) {
    if (round % 2 === 0) await world.editThere((await world.thereOf(task.id)).Id, { ActivityDate: days[index] }, rep);
  }
  await world.sync();
}
const here = await Promise.all(tasks.map(async (task) => (await world.here(task.id)).due_date));
const there = await Promise.all(tasks.map(async (task) => (await world.thereOf(task.id)).ActivityDate));
process.stdout.write(`${JSON.stringify({ offset: new Date(2026, 0, 1).getTimezoneOffset(), days, here, there })}\n`);
await world.close();
process.exit(0);
