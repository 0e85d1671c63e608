import type { LaneLease } from '../../platform/pipelines/lane-lease.js';

/** We ended it ourselves: the message has not left whole, so the server has nothing. */
export class SendingStoppedError extends Error {
  constructor() {
    super('Command Center was stopped while it was being sent.');
    this.name = 'SendingStoppedError';
  }
}

/**
 * The bytes of a message that may leave for minutes: the lease knows that they do. Who shuts down, or may not send any
 * more, does not wait for the rest. Throws SendingStoppedError.
 */
export async function* whileHeld(
  lease: Pick<LaneLease, 'signal' | 'lost' | 'stillWorking'>,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    if (lease.signal.aborted || lease.lost.aborted) throw new SendingStoppedError();
    lease.stillWorking();
    yield chunk;
  }
}
