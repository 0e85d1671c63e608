import { Injectable } from '@nestjs/common';
import { channelContext } from '../../command-center/senders/channels.service.js';
import { ChannelsRepository, type ChannelRow } from '../../command-center/senders/channels.repository.js';
import { HostPolicySource } from '../../command-center/senders/host-policy-source.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import type { HostPolicy } from '../../command-center/senders/smtp-host.js';
import { openSmtp, type PlainMail, sendPlain, type SmtpServer } from './smtp-session.js';

/** Sends single mails by a channel while somebody waits for the answer. */
@Injectable()
export class ChannelAccess {
  constructor(
    readonly channels: ChannelsRepository,
    private readonly policy: HostPolicySource,
    private readonly secrets: SecretBox,
  ) {}

  /** Resolves with the server's answer; throws what nodemailer says (smtp-failure.ts puts it into words). */
  async send(channel: ChannelRow, mail: PlainMail): Promise<string> {
    const { server, policy } = this.serverOf(channel);
    const connection = await openSmtp(server, policy);
    try {
      return await sendPlain(connection, mail);
    } finally {
      connection.quit();
    }
  }

  /** With the password open. */
  serverOf({ id, host, port, security, username, passwordSealed }: ChannelRow): {
    server: SmtpServer;
    policy: HostPolicy;
  } {
    const pass = passwordSealed === null ? '' : this.secrets.open(passwordSealed, channelContext(id));
    const logIn = username === null ? null : { user: username, pass };
    return { server: { host, port, security, logIn }, policy: this.policy.policy };
  }
}
