import { IsString, Length } from 'class-validator';

export class UploadFileQuery {
  /** As its recipients see it
   * @example "Price list.pdf" */
  @IsString()
  @Length(1, 400)
  name: string;
}

export class FileView {
  id: string;
  name: string;
  /** By the end of its name
   * @example "application/pdf" */
  media_type: string;
  /** In bytes */
  size: number;
  created_at: Date;
}
