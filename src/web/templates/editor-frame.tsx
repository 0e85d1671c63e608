import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { TemplateDraft } from './template-draft';
import { TemplatePreview } from './template-preview';
import '../emails/emails.css';
import './templates.css';

interface FrameProps {
  title: string;
  draft: TemplateDraft;
  /** What is done with it as a whole. */
  actions?: ReactNode;
  children: ReactNode;
}

/** What is written, and beside it how it looks. */
export function EditorFrame({ title, draft, actions, children }: FrameProps) {
  return (
    <>
      <div className="page-head">
        <div>
          <p className="quiet">
            <Link href="/templates">Templates</Link>
          </p>
          <h1>{title}</h1>
        </div>
        {actions}
      </div>
      <div className="template-editor">
        <div className="stack">{children}</div>
        <TemplatePreview subject={draft.subject} body={draft.body} commercial={draft.commercial === 'yes'} />
      </div>
    </>
  );
}
