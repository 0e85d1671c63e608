import { seconds } from '../terminal.js';

/** How long each part took. */
export class Phases {
  private readonly took: [name: string, milliseconds: number][] = [];

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work();
    this.took.push([name, performance.now() - began]);
    return result;
  }

  lines(): string[] {
    const total = this.took.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
    return [...this.took, ['together', total] as const].map(
      ([name, milliseconds]) => `  ${name.padEnd(22)}${seconds(milliseconds).padStart(8)}`,
    );
  }
}
