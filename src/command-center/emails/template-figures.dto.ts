import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsUUID } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';

const AT_ONCE = 100;

export class TemplateFiguresQuery {
  /** Of which templates: at most 100 ids with commas between them; of none when left out */
  @IsOptional()
  @ApiProperty({
    type: String,
    required: false,
    format: 'comma-separated',
    example: '018f0000-0000-7000-8000-00000000000a',
  })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string'
      ? value
          .toLowerCase()
          .split(',')
          .map((id) => id.trim())
      : value,
  )
  @IsArray()
  @ArrayMaxSize(AT_ONCE)
  @IsUUID(undefined, { each: true })
  ids?: string[];
}

/** What became of the emails that were written with a template; also of those that were deleted after they were sent */
export class EmailFigures {
  /** Left for the recipients’ servers: delivered, bounced and spam together */
  sent: number;
  /** The mail server took it, and it did not come back */
  delivered: number;
  bounced: number;
  /** Marked as spam by their recipients */
  spam: number;
  /** Those that lie under Failed: not sent, or nobody knows */
  failed: number;
  /** Delivered ones that their senders marked as a success */
  success: number;
  /** `success` of `sent`, from 0 to 1; null: nothing was sent */
  success_rate: number | null;
}

export class TemplateFiguresView {
  template_id: string;
  /** What you sent with it; null with a team’s key, which sends nothing */
  mine: EmailFigures | null;
  /** What everybody of the team sent with it, you included */
  team: EmailFigures;
}

export class TemplateFiguresList {
  /** In the order asked for; templates that you do not see are left out */
  data: TemplateFiguresView[];
}
