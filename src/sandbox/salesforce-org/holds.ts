/** Waits that end when their time has come, when a test lets them go, or when the org closes. */
export class Holds {
  private readonly held = new Set<() => void>();

  hold(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        clearTimeout(timer);
        this.held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, ms);
      this.held.add(release);
    });
  }

  count(): number {
    return this.held.size;
  }

  releaseAll(): number {
    const { size } = this.held;
    for (const release of [...this.held]) release();
    return size;
  }
}
