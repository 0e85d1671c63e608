import { SMTP_STEPS, type SmtpStep } from './smtp-failure.js';
import { ApiProperty } from '@nestjs/swagger';

export class ChannelTestResult {
  /** True: the server took a test mail to the caller's own address */
  ok: boolean;
  /** Where it ended; null when all went well */
  @ApiProperty({ enum: SMTP_STEPS, nullable: true, type: String })
  step: SmtpStep | null;
  /** What is wrong and what to do, or where the test mail went */
  words: string;
  /** The server's own words */
  said: string | null;
}

export class CodeSent {
  /** Where the code was mailed to */
  email: string;
}
