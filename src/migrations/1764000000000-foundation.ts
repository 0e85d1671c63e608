import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Foundation1764000000000 implements MigrationInterface {
  name = 'Foundation1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(sql);
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

const sql = `
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TABLE lanes (
  pipeline text NOT NULL,
  lane text NOT NULL,
  generation bigint NOT NULL DEFAULT '0',
  token bigint NOT NULL DEFAULT '0',
  lease_until timestamptz,
  holder text,
  failures integer NOT NULL DEFAULT '0',
  retry_at timestamptz,
  last_error text,
  CONSTRAINT pk_lanes PRIMARY KEY (pipeline, lane)
);

CREATE TABLE teams (
  id uuid NOT NULL,
  name text NOT NULL,
  version integer NOT NULL DEFAULT '1',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_teams PRIMARY KEY (id)
);

CREATE TABLE users (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC',
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT '1',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ck_users_role CHECK (role IN ('admin', 'member')),
  CONSTRAINT pk_users PRIMARY KEY (team_id, id)
);

CREATE UNIQUE INDEX uq_users_email ON users (team_id, email);

CREATE TABLE api_keys (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid,
  name text NOT NULL,
  prefix text NOT NULL,
  hash text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT pk_api_keys PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_api_keys_user ON api_keys (team_id, user_id);

CREATE UNIQUE INDEX uq_api_keys_prefix ON api_keys (prefix);

CREATE TABLE people (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  email text,
  owner_id uuid,
  shared boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT '1',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_people PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_people_owner ON people (team_id, owner_id);

CREATE UNIQUE INDEX uq_people_email ON people (team_id, email) WHERE email IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE person_salesforce_records (
  team_id uuid NOT NULL,
  salesforce_id text NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  CONSTRAINT ck_person_salesforce_records_kind CHECK (kind IN ('lead', 'contact')),
  CONSTRAINT pk_person_salesforce_records PRIMARY KEY (team_id, salesforce_id)
);

CREATE INDEX ix_person_salesforce_records_person ON person_salesforce_records (team_id, person_id);

CREATE TABLE tasks (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'open',
  priority text NOT NULL DEFAULT 'normal',
  due_date date,
  details text,
  reminder_at timestamptz,
  assignee_id uuid NOT NULL,
  person_id uuid,
  who_id text,
  what_id text,
  what_name text,
  call_outcome text,
  call_reason text,
  closed_at timestamptz,
  snoozed_until timestamptz,
  away_since timestamptz,
  created_by uuid,
  version integer NOT NULL DEFAULT '1',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT ck_tasks_closed CHECK ((status = 'open') = (closed_at IS NULL)),
  CONSTRAINT ck_tasks_priority CHECK (priority IN ('low', 'normal', 'high')),
  CONSTRAINT ck_tasks_status CHECK (status IN ('open', 'completed', 'skipped')),
  CONSTRAINT ck_tasks_type CHECK (type IN ('email', 'call', 'inmail', 'custom')),
  CONSTRAINT pk_tasks PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_tasks_away ON tasks (team_id, id) WHERE away_since IS NOT NULL;

CREATE INDEX ix_tasks_person ON tasks (team_id, person_id, assignee_id);

CREATE INDEX ix_tasks_assignee ON tasks (team_id, assignee_id, id) INCLUDE (person_id) WHERE deleted_at IS NULL AND away_since IS NULL;

CREATE INDEX ix_tasks_closed ON tasks (team_id, assignee_id, closed_at, id) WHERE status <> 'open' AND deleted_at IS NULL AND away_since IS NULL;

CREATE INDEX ix_tasks_closed_team ON tasks (team_id, closed_at, id) INCLUDE (assignee_id, person_id) WHERE status <> 'open' AND deleted_at IS NULL AND away_since IS NULL;

CREATE INDEX ix_tasks_open ON tasks (team_id, assignee_id, due_date, id) INCLUDE (snoozed_until) WHERE status = 'open' AND deleted_at IS NULL AND away_since IS NULL;

CREATE INDEX ix_tasks_open_team ON tasks (team_id, due_date, id) INCLUDE (snoozed_until, assignee_id, person_id) WHERE status = 'open' AND deleted_at IS NULL AND away_since IS NULL;

CREATE INDEX ix_tasks_updated ON tasks USING brin (updated_at) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE task_changes (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  field text NOT NULL,
  old_value text,
  new_value text,
  origin text NOT NULL,
  actor text,
  at timestamptz NOT NULL,
  CONSTRAINT ck_task_changes_origin CHECK (origin IN ('here', 'salesforce')),
  CONSTRAINT pk_task_changes PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_task_changes_task ON task_changes (team_id, task_id, id);

CREATE TABLE salesforce_oauth_attempts (
  state_hash text NOT NULL,
  team_id uuid NOT NULL,
  user_id uuid,
  login_url text NOT NULL,
  code_verifier text NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_salesforce_oauth_attempts PRIMARY KEY (state_hash)
);

CREATE TABLE salesforce_connections (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  org_id text NOT NULL,
  login_url text NOT NULL,
  instance_url text NOT NULL,
  integration_user_id text NOT NULL,
  integration_username text NOT NULL,
  access_token text,
  refresh_token text,
  token_generation integer NOT NULL DEFAULT '1',
  status text NOT NULL DEFAULT 'connected',
  status_reason text,
  paused boolean NOT NULL DEFAULT false,
  connected_by uuid,
  connected_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ck_salesforce_connections_status CHECK (status IN ('connected', 'stopped', 'disconnected')),
  CONSTRAINT pk_salesforce_connections PRIMARY KEY (team_id, id)
);

CREATE UNIQUE INDEX uq_salesforce_connections_id ON salesforce_connections (id);

CREATE UNIQUE INDEX uq_salesforce_connections_org ON salesforce_connections (org_id) WHERE status <> 'disconnected';

CREATE UNIQUE INDEX uq_salesforce_connections_team ON salesforce_connections (team_id);

CREATE TABLE salesforce_user_matches (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  salesforce_user_id text NOT NULL,
  salesforce_username text NOT NULL,
  matched_by text NOT NULL,
  matched_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ck_salesforce_user_matches_by CHECK (matched_by IN ('username', 'email', 'federation_id', 'admin')),
  CONSTRAINT pk_salesforce_user_matches PRIMARY KEY (team_id, user_id)
);

CREATE UNIQUE INDEX uq_salesforce_user_matches_salesforce_user ON salesforce_user_matches (team_id, salesforce_user_id);

CREATE TABLE sync_problems (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  task_id uuid,
  salesforce_id text,
  code text NOT NULL,
  message text NOT NULL,
  fields text[] NOT NULL DEFAULT '{}',
  attempts integer NOT NULL DEFAULT '1',
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  resolved_at timestamptz,
  CONSTRAINT pk_sync_problems PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_sync_problems_team ON sync_problems (team_id, id);

CREATE UNIQUE INDEX uq_sync_problems_open ON sync_problems (team_id, task_id) WHERE resolved_at IS NULL;

CREATE TABLE task_sync_enrolments (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  salesforce_user_id text NOT NULL,
  state text NOT NULL,
  locked boolean NOT NULL DEFAULT false,
  scope text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  turned_off_at timestamptz,
  run_id uuid,
  CONSTRAINT ck_task_sync_enrolments_state CHECK (state IN ('off', 'queued', 'reading', 'synced', 'cancelled')),
  CONSTRAINT pk_task_sync_enrolments PRIMARY KEY (team_id, user_id)
);

CREATE UNIQUE INDEX uq_task_sync_enrolments_salesforce_user ON task_sync_enrolments (team_id, salesforce_user_id) WHERE state <> 'off';

CREATE INDEX ix_task_sync_enrolments_waiting ON task_sync_enrolments (team_id, state) WHERE state IN ('queued', 'reading');

CREATE TABLE salesforce_org_states (
  team_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  pull_cursor timestamptz,
  pull_position jsonb,
  pulls_done integer NOT NULL DEFAULT '0',
  next_pull_at timestamptz,
  last_pull_at timestamptz,
  clock_skew_ms integer NOT NULL DEFAULT '0',
  batch_size integer NOT NULL DEFAULT '200',
  api_used integer,
  api_limit integer,
  api_seen_at timestamptz,
  quiet_until timestamptz,
  org_schema jsonb,
  org_schema_at timestamptz,
  CONSTRAINT pk_salesforce_org_states PRIMARY KEY (team_id, connection_id)
);

CREATE INDEX ix_salesforce_org_states_next_pull ON salesforce_org_states (next_pull_at) WHERE next_pull_at IS NOT NULL;

CREATE TABLE sync_conflicts (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  field text NOT NULL,
  base text,
  here text,
  there text,
  winner text NOT NULL,
  here_changed_at timestamptz,
  there_changed_at timestamptz,
  at timestamptz NOT NULL,
  CONSTRAINT pk_sync_conflicts PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_sync_conflicts_task ON sync_conflicts (team_id, task_id);

CREATE TABLE salesforce_names (
  team_id uuid NOT NULL,
  salesforce_id text NOT NULL,
  name text NOT NULL,
  read_at timestamptz NOT NULL,
  CONSTRAINT pk_salesforce_names PRIMARY KEY (team_id, salesforce_id)
);

CREATE TABLE task_links (
  team_id uuid NOT NULL,
  task_id uuid NOT NULL,
  salesforce_id text,
  key_generation integer NOT NULL DEFAULT '1',
  base jsonb,
  sent jsonb,
  due_since timestamptz,
  due_generation integer NOT NULL DEFAULT '0',
  not_before timestamptz,
  attempts integer NOT NULL DEFAULT '0',
  parked_code text,
  frozen boolean NOT NULL DEFAULT false,
  deleted_there boolean NOT NULL DEFAULT false,
  archived boolean NOT NULL DEFAULT false,
  system_modstamp timestamptz,
  agreed_at timestamptz,
  CONSTRAINT pk_task_links PRIMARY KEY (team_id, task_id)
);

CREATE INDEX ix_task_links_parked ON task_links (team_id, parked_code) WHERE parked_code IS NOT NULL;

CREATE INDEX ix_task_links_sent ON task_links (team_id) WHERE sent IS NOT NULL;

CREATE INDEX ix_task_links_due ON task_links (team_id, not_before, due_since) WHERE due_since IS NOT NULL AND NOT frozen AND parked_code IS NULL;

CREATE UNIQUE INDEX uq_task_links_salesforce_id ON task_links (team_id, salesforce_id) WHERE salesforce_id IS NOT NULL;

CREATE TABLE sync_runs (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  total integer,
  done integer NOT NULL DEFAULT '0',
  counts jsonb NOT NULL DEFAULT '{}',
  api_calls integer NOT NULL DEFAULT '0',
  position jsonb,
  error text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT ck_sync_runs_status CHECK (status IN ('running', 'done', 'cancelled', 'failed')),
  CONSTRAINT ck_sync_runs_kind CHECK (kind IN ('first_sync', 'pull', 'push')),
  CONSTRAINT pk_sync_runs PRIMARY KEY (team_id, id)
);

CREATE INDEX ix_sync_runs_team ON sync_runs (team_id, id);

CREATE TABLE task_sync_settings (
  team_id uuid NOT NULL,
  conflict_policy text NOT NULL DEFAULT 'latest',
  scope text NOT NULL DEFAULT 'due',
  subject_template text NOT NULL DEFAULT '{{activity_subject}}',
  open_status text,
  completed_status text,
  skipped_as text NOT NULL DEFAULT 'completed',
  skipped_status text,
  CONSTRAINT ck_task_sync_settings_scope CHECK (scope IN ('recent', 'due', 'open', 'all')),
  CONSTRAINT ck_task_sync_settings_conflict_policy CHECK (conflict_policy IN ('latest', 'salesforce', 'command_center')),
  CONSTRAINT pk_task_sync_settings PRIMARY KEY (team_id)
);

ALTER TABLE users ADD CONSTRAINT fk_users_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_user FOREIGN KEY (team_id, user_id) REFERENCES users(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE people ADD CONSTRAINT fk_people_owner FOREIGN KEY (team_id, owner_id) REFERENCES users(team_id,id) ON DELETE NO ACTION ON UPDATE NO ACTION;

ALTER TABLE people ADD CONSTRAINT fk_people_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE person_salesforce_records ADD CONSTRAINT fk_person_salesforce_records_person FOREIGN KEY (team_id, person_id) REFERENCES people(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE tasks ADD CONSTRAINT fk_tasks_person FOREIGN KEY (team_id, person_id) REFERENCES people(team_id,id) ON DELETE NO ACTION ON UPDATE NO ACTION;

ALTER TABLE tasks ADD CONSTRAINT fk_tasks_assignee FOREIGN KEY (team_id, assignee_id) REFERENCES users(team_id,id) ON DELETE NO ACTION ON UPDATE NO ACTION;

ALTER TABLE task_changes ADD CONSTRAINT fk_task_changes_task FOREIGN KEY (team_id, task_id) REFERENCES tasks(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE salesforce_oauth_attempts ADD CONSTRAINT fk_salesforce_oauth_attempts_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE salesforce_connections ADD CONSTRAINT fk_salesforce_connections_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE salesforce_user_matches ADD CONSTRAINT fk_salesforce_user_matches_user FOREIGN KEY (team_id, user_id) REFERENCES users(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE sync_problems ADD CONSTRAINT fk_sync_problems_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE task_sync_enrolments ADD CONSTRAINT fk_task_sync_enrolments_user FOREIGN KEY (team_id, user_id) REFERENCES users(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE salesforce_org_states ADD CONSTRAINT fk_salesforce_org_states_connection FOREIGN KEY (team_id, connection_id) REFERENCES salesforce_connections(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE sync_conflicts ADD CONSTRAINT fk_sync_conflicts_task FOREIGN KEY (team_id, task_id) REFERENCES tasks(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE salesforce_names ADD CONSTRAINT fk_salesforce_names_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE task_links ADD CONSTRAINT fk_task_links_task FOREIGN KEY (team_id, task_id) REFERENCES tasks(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE sync_runs ADD CONSTRAINT fk_sync_runs_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE task_sync_settings ADD CONSTRAINT fk_task_sync_settings_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

CREATE INDEX ix_people_name ON people (team_id, (lower(name) COLLATE "C"), id) WHERE deleted_at IS NULL;

CREATE INDEX ix_people_shared ON people (team_id, (lower(name) COLLATE "C"), id) WHERE shared AND deleted_at IS NULL;

CREATE INDEX ix_people_search ON people USING gin (team_id, (lower(name) || ' ' || coalesce(email, '')) gin_trgm_ops) WHERE deleted_at IS NULL;
`;
