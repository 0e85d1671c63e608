import { Injectable } from '@nestjs/common';

/** Files know nothing of emails or templates: a room whose rows name files (team_id, file_id) registers its table here. */
@Injectable()
export class FileHolders {
  private readonly names: string[] = [];

  register(table: string): void {
    this.names.push(table);
  }

  /** That nothing names the file: a condition on a row of `files` under this alias. */
  unnamedSql(alias: string): string {
    const named = (table: string) =>
      `NOT EXISTS (SELECT 1 FROM ${table} a WHERE a.team_id = ${alias}.team_id AND a.file_id = ${alias}.id)`;
    return this.names.map(named).join(' AND ');
  }
}
