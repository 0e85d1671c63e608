import { Link } from 'wouter';
import { useMe } from '../shell/use-me';
import { Favourite } from './favourite';
import { RowFigures } from './figures';
import { Marks } from './marks';
import type { TemplateFigures, TemplateSummary } from './template-query';

interface RowProps {
  template: TemplateSummary;
  /** Undefined: not known yet. */
  figures: TemplateFigures | undefined;
}

export function TemplateRow({ template, figures }: RowProps) {
  const { user } = useMe();
  const { id, name, category, subject, owner } = template;
  return (
    <li className="template-row">
      <Favourite template={template} />
      <div className="template-what">
        <Link href={`/templates/${id}`} className="template-name">
          {name}
        </Link>
        <small title={subject}>{subject}</small>
      </div>
      <Marks template={template} />
      <RowFigures figures={figures} />
      <span className="template-category">{category}</span>
      <span className="template-owner">{owner?.id === user?.id ? 'You' : (owner?.name ?? 'The team')}</span>
    </li>
  );
}
