import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';

/** Stands where a part of the page broke, so that the rest goes on. */
export class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="state" role="alert">
        <h2>This part of the page broke</h2>
        <p>What you did is safe: it is on the server. Reload the page; if it breaks again, tell your admin.</p>
        <Button onClick={() => location.reload()}>Reload</Button>
      </div>
    );
  }
}
