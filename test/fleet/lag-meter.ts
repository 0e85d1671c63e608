import pg from 'pg';

export type Direction = 'toSalesforce' | 'fromSalesforce';

// What stands there now, straight from the tables: no API of ours or theirs between.
const SEEN: Readonly<Record<Direction, string>> = {
  toSalesforce: 'SELECT id, description AS value FROM sf_task WHERE id = ANY($1::text[])',
  fromSalesforce: `SELECT k.salesforce_id AS id, t.name AS value
    FROM task_links k JOIN tasks t ON t.team_id = k.team_id AND t.id = k.task_id
    WHERE k.salesforce_id = ANY($1::text[])`,
};

interface Waiting {
  value: string;
  since: number;
}

/** How long an edit takes to be seen on the other side; a value of its own marks each. */
export class LagMeter {
  private readonly waiting: Record<Direction, Map<string, Waiting>> = {
    toSalesforce: new Map(),
    fromSalesforce: new Map(),
  };
  private readonly lags: Record<Direction, number[]> = { toSalesforce: [], fromSalesforce: [] };
  private looking = false;

  private constructor(private readonly readers: Record<Direction, pg.Client>) {}

  static async open(databaseUrl: string, orgDatabaseUrl: string): Promise<LagMeter> {
    const readers = {
      toSalesforce: new pg.Client({ connectionString: orgDatabaseUrl }),
      fromSalesforce: new pg.Client({ connectionString: databaseUrl }),
    };
    await Promise.all(Object.values(readers).map((client) => client.connect()));
    return new LagMeter(readers);
  }

  isWaiting(salesforceId: string): boolean {
    return Object.values(this.waiting).some((map) => map.has(salesforceId));
  }

  /** `since`: performance.now() right before the edit was made. */
  expect(direction: Direction, salesforceId: string, value: string, since: number): void {
    this.waiting[direction].set(salesforceId, { value, since });
  }

  get unseen(): number {
    return this.waiting.toSalesforce.size + this.waiting.fromSalesforce.size;
  }

  /** Notes what has arrived; called again and again. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await Promise.all([this.lookAt('toSalesforce'), this.lookAt('fromSalesforce')]);
    } finally {
      this.looking = false;
    }
  }

  /** Milliseconds; of the arrivals after the first `from`. */
  percentile(direction: Direction, percent: number, from = 0): number {
    const sorted = this.lags[direction].slice(from).sort((a, b) => a - b);
    return Math.round(sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0);
  }

  arrived(direction: Direction): number {
    return this.lags[direction].length;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.readers).map((client) => client.end()));
  }

  private async lookAt(direction: Direction): Promise<void> {
    const waiting = this.waiting[direction];
    if (waiting.size === 0) return;
    const { rows } = await this.readers[direction].query<{ id: string; value: string | null }>(SEEN[direction], [
      [...waiting.keys()],
    ]);
    const now = performance.now();
    for (const { id, value } of rows) {
      const edit = waiting.get(id);
      if (edit?.value !== value) continue;
      waiting.delete(id);
      this.lags[direction].push(now - edit.since);
    }
  }
}
