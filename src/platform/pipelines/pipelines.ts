import type { PipelineDefinition, PipelineHandler } from './pipeline.js';

/** The catalogue of background work and who does it. */
export class Pipelines {
  private readonly byName: ReadonlyMap<string, PipelineDefinition>;
  private readonly handlers = new Map<string, PipelineHandler>();
  private readonly mistakes: string[] = [];

  constructor(readonly catalogue: readonly PipelineDefinition[]) {
    this.byName = new Map(catalogue.map((definition) => [definition.name, definition]));
    for (const name of this.byName.keys()) {
      const times = catalogue.filter((definition) => definition.name === name).length;
      if (times > 1) this.mistakes.push(`The pipeline "${name}" is ${times} times in the catalogue: keep one.`);
    }
  }

  /** Called by the feature that does the work, in its constructor or onModuleInit. */
  register(name: string, handler: PipelineHandler): void {
    if (!this.byName.has(name)) {
      this.mistakes.push(`A handler registers for "${name}", which is not in the catalogue: add it there.`);
    } else if (this.handlers.has(name)) {
      this.mistakes.push(`The pipeline "${name}" has two handlers: only one feature may register for it.`);
    } else {
      this.handlers.set(name, handler);
    }
  }

  /** Throws, and so ends the start, unless each catalogued pipeline has exactly one handler. */
  assertComplete(): void {
    const missing = [...this.byName.keys()]
      .filter((name) => !this.handlers.has(name))
      .map((name) => `The pipeline "${name}" has no handler: its feature must call pipelines.register("${name}", …).`);
    const mistakes = [...this.mistakes, ...missing];
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  }

  definition(name: string): PipelineDefinition {
    const definition = this.byName.get(name);
    if (!definition) throw new Error(`There is no pipeline "${name}" in the catalogue.`);
    return definition;
  }

  handler(name: string): PipelineHandler {
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`The pipeline "${name}" has no handler.`);
    return handler;
  }
}
