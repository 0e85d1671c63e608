import { Injectable } from '@nestjs/common';
import { channelContext } from '../../command-center/senders/channels.service.js';
import { ChannelsRepository, type ChannelRow } from '../../command-center/senders/channels.repository.js';
import { HostPolicySource } from '../../command-center/senders/host-policy-source.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import type { HostPolicy } from '../../command-center/senders/smtp-host.js';
import { ChannelTokens } from '../accounts/channel-tokens.js';
import { openSmtp, type PlainMail, sendPlain, type SmtpServer } from './smtp-session.js';

/** Sends single mails by a channel while somebody waits for the answer. */
@Injectable()
export class ChannelAccess {
  constructor(
    readonly channels: ChannelsRepository,
    private readonly policy: HostPolicySource,
    private readonly secrets: SecretBox,
    private readonly tokens: ChannelTokens,
  ) {}

  /** Resolves with the server's answer; throws what nodemailer says (smtp-failure.ts puts it into words). */
  async send(teamId: string, channel: ChannelRow, mail: PlainMail): Promise<string> {
    const { server, policy } = this.serverOf(teamId, channel);
    const connection = await openSmtp(server, policy);
    try {
      return await sendPlain(connection, mail);
    } finally {
      connection.quit();
    }
  }

  /** With the password open, or with tokens of its provider. */
  serverOf(teamId: string, channel: ChannelRow): { server: SmtpServer; policy: HostPolicy } {
    const { host, port, security } = channel;
    return { server: { host, port, security, logIn: this.logInOf(teamId, channel) }, policy: this.policy.policy };
  }

  private logInOf(teamId: string, { id, username, passwordSealed, provider }: ChannelRow): SmtpServer['logIn'] {
    if (username === null) return null;
    if (provider !== null) {
      return { user: username, token: (renew) => this.tokens.accessToken(teamId, id, renew) };
    }
    const pass = passwordSealed === null ? '' : this.secrets.open(passwordSealed, channelContext(id));
    return { user: username, pass };
  }
}
