import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE email_tasks (
  team_id uuid NOT NULL,
  task_id uuid NOT NULL,
  email_id uuid NOT NULL,
  CONSTRAINT pk_email_tasks PRIMARY KEY (team_id, task_id),
  CONSTRAINT fk_email_tasks_email FOREIGN KEY (team_id, email_id) REFERENCES emails (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_email_tasks_task FOREIGN KEY (team_id, task_id) REFERENCES tasks (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_email_tasks_email ON email_tasks (team_id, email_id);
`;

/** Which tasks follow up which emails. */
export class EmailTasks1764201310000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
