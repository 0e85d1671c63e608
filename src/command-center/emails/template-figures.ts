import type { EmailFigures, TemplateFiguresView } from './template-figures.dto.js';

/** What one part of the team (the caller, or all others) sent with a template. */
export interface FiguresRow {
  templateId: string;
  isMine: boolean;
  delivered: number;
  bounced: number;
  spam: number;
  failed: number;
  success: number;
}

/** Pure: the figures of one template, from what the caller sent and what others did. */
export function figuresOf(templateId: string, rows: readonly FiguresRow[], userId: string | null): TemplateFiguresView {
  const own = rows.filter((row) => row.templateId === templateId);
  const mine = userId === null ? null : sumOf(own.filter(({ isMine }) => isMine));
  return { template_id: templateId, mine, team: sumOf(own) };
}

function sumOf(rows: readonly FiguresRow[]): EmailFigures {
  const total = (field: 'delivered' | 'bounced' | 'spam' | 'failed' | 'success') =>
    rows.reduce((sum, row) => sum + row[field], 0);
  const [delivered, bounced, spam, success] = [total('delivered'), total('bounced'), total('spam'), total('success')];
  const sent = delivered + bounced + spam;
  const rate = sent === 0 ? null : success / sent;
  return { sent, delivered, bounced, spam, failed: total('failed'), success, success_rate: rate };
}
