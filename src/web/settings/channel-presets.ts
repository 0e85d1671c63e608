import type { Schemas } from '../api/client';

interface Preset {
  label: string;
  host: string;
  port: number;
  security: Schemas['CreateChannel']['security'];
  /** What the provider allows a mailbox, so that it never locks the account. */
  limits: { connections: number; per_minute?: number; per_day?: number };
  hint: string;
}

/** The providers whose servers and limits need not be looked up. */
export const PRESETS = {
  gmail: {
    ...{ label: 'Gmail', host: 'smtp.gmail.com', port: 587, security: 'starttls' },
    limits: { connections: 5, per_day: 2000 },
    hint: 'The user name is the whole address; the password an app password of the Google account. A private account sends 500 a day, one of Workspace 2,000.',
  },
  microsoft: {
    ...{ label: 'Microsoft 365', host: 'smtp.office365.com', port: 587, security: 'starttls' },
    // A fourth connection meets 432 4.3.2: https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements
    limits: { connections: 3, per_minute: 30, per_day: 10_000 },
    hint: 'The user name is the whole address. An administrator allows the mailbox to log in by SMTP (Authenticated SMTP); with two-step verification it takes an app password.',
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
