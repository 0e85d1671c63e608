import { CRASH_POINTS, type CrashPoint, FAULTS, type FaultName, OPERATIONS, type Operation } from './step.js';

/** How often each cell `operation|fault|crash point` was hit. */
export type Hits = Record<string, number>;

/** How often an operation lived through a fault and a crash before it was settled on both sides. */
export class Coverage {
  readonly hits: Hits = {};
  private operations = new Set<Operation>();
  private faults = new Set<FaultName>(['none']);
  private crashes = new Set<CrashPoint>(['none']);

  did(operation: Operation): void {
    this.operations.add(operation);
  }

  struck(fault: FaultName): void {
    this.faults.add(fault);
  }

  killed(place: string): void {
    const crash = CRASH_POINTS.find((point) => point === place);
    if (crash) this.crashes.add(crash);
  }

  /** Everything that was under way has arrived: each of the operations met each of the faults and crashes. */
  settled(): void {
    for (const operation of this.operations) {
      for (const fault of this.faults) {
        for (const crash of this.crashes) {
          const cell = `${operation}|${fault}|${crash}`;
          this.hits[cell] = (this.hits[cell] ?? 0) + 1;
        }
      }
    }
    this.operations = new Set();
    this.faults = new Set(['none']);
    this.crashes = new Set(['none']);
  }

  /** Adds what was hit elsewhere. */
  add(hits: Hits): void {
    for (const [cell, count] of Object.entries(hits)) this.hits[cell] = (this.hits[cell] ?? 0) + count;
  }

  /** The fewest hits of any cell. */
  least(): { hits: number; cell: string } {
    let least = { hits: Infinity, cell: '' };
    for (const operation of OPERATIONS) {
      for (const fault of FAULTS) {
        for (const crash of CRASH_POINTS) {
          const cell = `${operation}|${fault}|${crash}`;
          const hits = this.hits[cell] ?? 0;
          if (hits < least.hits) least = { hits, cell };
        }
      }
    }
    return least;
  }

  /** For each operation and crash point, the hits of each fault in the order of FAULTS. */
  table(): string {
    const lines = [`hits of each fault: ${FAULTS.join(', ')}`];
    for (const operation of OPERATIONS) {
      for (const crash of CRASH_POINTS) {
        const cells = FAULTS.map((fault) => String(this.hits[`${operation}|${fault}|${crash}`] ?? 0).padStart(5));
        lines.push(`${operation.padEnd(9)} × ${crash.padEnd(26)} ${cells.join('')}`);
      }
    }
    const { hits, cell } = this.least();
    return [...lines, `fewest: ${hits} (${cell.replaceAll('|', ' × ')})`].join('\n');
  }
}
