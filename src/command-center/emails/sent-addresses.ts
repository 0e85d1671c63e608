import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/transactions.js';

/** Where emails went, whatever address their people have by now. */
@Injectable()
export class SentAddresses {
  async of(reader: Reader, teamId: string, emailId: string): Promise<string | null> {
    const [row] = await reader.query<{ address: string | null }>(
      'SELECT lower(to_address) AS address FROM emails WHERE team_id = $1 AND id = $2',
      [teamId, emailId],
    );
    return row?.address ?? null;
  }
}
