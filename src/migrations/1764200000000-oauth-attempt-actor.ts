import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE salesforce_oauth_attempts ADD COLUMN actor text;
UPDATE salesforce_oauth_attempts SET actor = coalesce('user:' || user_id, 'operator');
ALTER TABLE salesforce_oauth_attempts ALTER COLUMN actor SET NOT NULL;
`;

/** Who began a log-in to Salesforce, for the audit log. */
export class OauthAttemptActor1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
