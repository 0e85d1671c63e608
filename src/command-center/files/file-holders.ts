import { Injectable } from '@nestjs/common';

/** Files know nothing of emails or templates: a room whose rows name files (team_id, file_id) registers its table here. */
@Injectable()
export class FileHolders {
  private readonly names: string[] = [];

  register(table: string): void {
    this.names.push(table);
  }

  get tables(): readonly string[] {
    return this.names;
  }
}
