import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import type { MailProvider } from './channel-grant.entity.js';

export interface GrantTokens {
  accessToken: string;
  refreshToken: string;
  gotAt: Date;
  expiresAt: Date;
}

/** What a grant's tokens are sealed with: they open in no other row. */
export const grantContext = (channelId: string): string => `delivery_channel_grant:${channelId}`;

interface GrantRow {
  provider: MailProvider;
  accessTokenSealed: string;
  refreshTokenSealed: string;
  gotAt: Date;
  expiresAt: Date;
}

/** Permissions to send by a mailbox; their tokens are sealed here, and opened for whoever logs in. */
@Injectable()
export class ChannelGrants {
  constructor(private readonly secrets: SecretBox) {}

  /** Held until the transaction ends: who writes looks first at what others have written. */
  async lock(
    tx: Tx,
    teamId: string,
    channelId: string,
  ): Promise<(GrantTokens & { provider: MailProvider }) | undefined> {
    const [row] = await tx.query<GrantRow>(
      `SELECT provider, access_token_sealed AS "accessTokenSealed", refresh_token_sealed AS "refreshTokenSealed",
         got_at AS "gotAt", expires_at AS "expiresAt"
       FROM delivery_channel_grants WHERE team_id = $1 AND channel_id = $2 FOR UPDATE`,
      [teamId, channelId],
    );
    if (!row) return undefined;
    const open = (sealed: string) => this.secrets.open(sealed, grantContext(channelId));
    const { provider, gotAt, expiresAt } = row;
    return {
      ...{ provider, gotAt, expiresAt },
      ...{ accessToken: open(row.accessTokenSealed), refreshToken: open(row.refreshTokenSealed) },
    };
  }

  async write(tx: Tx, teamId: string, channelId: string, provider: MailProvider, tokens: GrantTokens): Promise<void> {
    const seal = (text: string) => this.secrets.seal(text, grantContext(channelId));
    await tx.query(
      `INSERT INTO delivery_channel_grants
         (team_id, channel_id, provider, refresh_token_sealed, access_token_sealed, got_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (team_id, channel_id) DO UPDATE SET refresh_token_sealed = excluded.refresh_token_sealed,
         access_token_sealed = excluded.access_token_sealed, got_at = excluded.got_at, expires_at = excluded.expires_at`,
      [
        ...[teamId, channelId, provider, seal(tokens.refreshToken), seal(tokens.accessToken)],
        ...[tokens.gotAt, tokens.expiresAt],
      ],
    );
  }
}
