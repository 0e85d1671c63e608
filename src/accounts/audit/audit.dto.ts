import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Page, PageQuery } from '../../platform/http/page.js';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, description: '`user:<id>`, `key:<id>` or `operator`' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  actor?: string;

  @ApiPropertyOptional({ type: String, description: 'What the action begins with', example: 'user.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  action?: string;

  @ApiPropertyOptional({ type: String, description: 'Id of what it was done to' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  target?: string;
}

export class AuditParty {
  /** `user`, `key`, `operator`, … */
  type: string;
  /** null: an operator is nobody in particular */
  id: string | null;
  /** null: it has no name, or is no more */
  name: string | null;
}

/** One act */
export class AuditEntryView {
  id: string;
  at: Date;
  actor: AuditParty;
  /** `user.invited`, `user.updated`, … */
  action: string;
  target: AuditParty | null;
  /** What changed */
  details: object;
}

export class AuditPage implements Page<AuditEntryView> {
  data: AuditEntryView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
