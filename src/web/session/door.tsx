import type { ReactNode } from 'react';

/** The frame of the pages before one is in. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="door">
      <div className="door-box">
        <div className="brand">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <span>Command Center</span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
