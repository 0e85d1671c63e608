import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Answers, Order } from './player-process.js';

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** A process that plays histories: one process plays on one core. */
export class Player {
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', ({ id, answer, error }: { id: number; answer?: never; error?: string }) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new Error(error));
    });
    child.once('exit', (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`A player ended by itself: ${code}`));
    });
  }

  static start(env: Readonly<Record<string, string>>): Player {
    return new Player(fork(join(import.meta.dirname, 'player-process.js'), { env: { ...process.env, ...env } }));
  }

  ask<Kind extends Order['kind']>(order: Extract<Order, { kind: Kind }>): Promise<Answers[Kind]> {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, order });
    });
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
