import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { Idempotent } from '../../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../../platform/http/conditions.js';
import { PageQuery } from '../../../platform/http/page.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { NoteText, PersonNotePage, PersonNoteView } from './person-notes.dto.js';
import { PersonNotesService } from './person-notes.service.js';

@ApiTags('people')
@Controller('v1/people/:id/notes')
export class PersonNotesController {
  constructor(private readonly notes: PersonNotesService) {}

  /** What was written down about a person, newest first */
  @Get()
  @Access({ role: 'member', scope: 'people:read' })
  list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<PersonNotePage> {
    return this.notes.list(principal, id, query);
  }

  /** Writes something down about a person whom the caller sees: whoever else sees the person reads it */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'people:write' })
  add(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { text }: NoteText,
  ): Promise<PersonNoteView> {
    return this.notes.add(principal, id, text);
  }

  /** Changes a note of one's own */
  @Patch(':noteId')
  @Access({ role: 'member', scope: 'people:write' })
  edit(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Param('noteId', UuidParam) noteId: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() { text }: NoteText,
  ): Promise<PersonNoteView> {
    return this.notes.edit(principal, { id, noteId }, ifMatch, text);
  }

  /** Deletes a note of one's own (admins: any) */
  @Delete(':noteId')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'people:write' })
  delete(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Param('noteId', UuidParam) noteId: string,
  ): Promise<void> {
    return this.notes.delete(principal, { id, noteId });
  }
}
