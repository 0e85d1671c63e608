import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { FileHolders } from './file-holders.js';
import { checkedName } from './file-name.js';
import { FILE_BYTES_MAX, FileStorage } from './file-storage.js';
import type { FileView } from './files.dto.js';
import { UNUSED_MS } from './unused-files.js';

// Twenty files for each of ten emails an hour, and as much again.
const UPLOADS = { points: 400, durationSeconds: 3600 };
// 1 GB of files that nothing names yet: as much as fifty emails enclose.
const UNUSED_BYTES_MAX = 50 * FILE_BYTES_MAX;

/** Files come in here; an email or a template then names them. One that nothing names is removed after a day. */
@Injectable()
export class FilesService {
  private readonly logger = new Logger(FilesService.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly storage: FileStorage,
    private readonly holders: FileHolders,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  async upload({ teamId, userId }: Principal, source: Readable, given: string, declared: number): Promise<FileView> {
    const checked = checkedName(given);
    if (!checked.ok) throw invalidInput([{ field: 'name', message: checked.message }]);
    if (declared > FILE_BYTES_MAX) throw new ProductError('payload_too_large', 'A file has at most 20 MB.');
    await this.limits.take('file-upload', `${teamId}:${userId ?? 'key'}`, UPLOADS);
    const [id, at] = [uuidv7(), this.clock.now()];
    const { name, mediaType } = checked;
    await this.transactions.query(
      'INSERT INTO files (team_id, id, user_id, name, media_type, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [teamId, id, userId, name, mediaType, at],
    );
    try {
      await this.requireRoom(teamId, userId);
      const size = await this.storage.write(teamId, id, source);
      if (size === 0) throw invalidInput([{ field: 'file', message: 'is empty' }]);
      await this.transactions.query('UPDATE files SET size = $3, whole = true WHERE team_id = $1 AND id = $2', [
        ...[teamId, id, size],
      ]);
      return { id, name, media_type: mediaType, size, created_at: at };
    } catch (error) {
      await this.forget(teamId, id);
      throw isBrokenOff(error) ? new ProductError('invalid_input', 'The upload broke off.') : error;
    } finally {
      // Whatever is still coming is let through, so that the answer can be read.
      source.resume();
    }
  }

  /**
   * Asked when its own row is written, so that many at once see each other. What is on its way counts as a whole file;
   * what is older is named, or about to be removed, and is not looked through at each upload.
   */
  private async requireRoom(teamId: string, userId: string | null): Promise<void> {
    const [row] = await this.transactions.query<{ bytes: number }>(
      `SELECT coalesce(sum(CASE WHEN f.whole THEN f.size ELSE ${FILE_BYTES_MAX} END), 0)::float8 AS bytes FROM files f
       WHERE f.team_id = $1 AND f.user_id IS NOT DISTINCT FROM $2 AND f.created_at > $3 AND ${this.holders.unnamedSql('f')}`,
      [teamId, userId, new Date(this.clock.now().getTime() - UNUSED_MS)],
    );
    if ((row?.bytes ?? 0) <= UNUSED_BYTES_MAX) return;
    const detail = '1 GB of your files is attached to nothing yet. Attach them; what is left is removed after a day.';
    throw new ProductError('payload_too_large', detail);
  }

  private async forget(teamId: string, id: string): Promise<void> {
    await this.transactions
      .query('DELETE FROM files WHERE team_id = $1 AND id = $2', [teamId, id])
      .catch((error: unknown) => this.logger.warn({ err: error }, 'a file that broke off is removed later'));
  }
}

function isBrokenOff(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
