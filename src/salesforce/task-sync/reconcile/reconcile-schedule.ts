const DAY_MS = 24 * 3_600_000;
/** The night is so long. */
const NIGHT_MINUTES = 240;

/**
 * The next night, later than `after`, when a team's two sides are compared: every `everyDays` days, on a day and minute
 * of the team's own that stay the same, so that not all teams begin at once. Null: never by schedule.
 */
export function nextReconcile(after: Date, teamId: string, everyDays: number, hour: number): Date | null {
  if (everyDays <= 0) return null;
  // The last part of a UUIDv7 is random.
  const spread = Number.parseInt(teamId.slice(-8), 16);
  const minute = spread % NIGHT_MINUTES;
  const ownDay = Math.floor(spread / NIGHT_MINUTES) % everyDays;
  const intoDay = hour * 3_600_000 + minute * 60_000;
  const today = Math.floor(after.getTime() / DAY_MS);
  let day = today + ((ownDay - (today % everyDays) + everyDays) % everyDays);
  if (day * DAY_MS + intoDay <= after.getTime()) day += everyDays;
  return new Date(day * DAY_MS + intoDay);
}
