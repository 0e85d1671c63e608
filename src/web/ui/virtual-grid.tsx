import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, Fragment, type ReactNode, useEffect, useRef } from 'react';

interface VirtualGridProps {
  label: string;
  /** With the head, loaded or not. */
  rowCount: number;
  /** The id of the row that the keys are at. */
  activeId: string | undefined;
  /** How many lines are loaded. */
  count: number;
  /** The line that must be in sight; -1: none. */
  activeLine: number;
  sizeOf(line: number): number;
  keyOf(line: number): string | number;
  isLoadingMore: boolean;
  /** The last loaded line comes into sight. */
  onEnd(): void;
  head: ReactNode;
  row(line: number, style: CSSProperties): ReactNode;
}

/** As the styles have it: narrower than this, rows are cards. */
const CARDS = '(max-width: 700px)';

export const isCards = (): boolean => matchMedia(CARDS).matches;

/** A list: one stop of the Tab key, in which the arrow keys move; only the rows in sight exist. */
export function VirtualGrid(props: VirtualGridProps) {
  const { count, activeLine, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: props.sizeOf,
    overscan: 12,
    getItemKey: props.keyOf,
  });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (count > 0 && lastSeen >= count - 10) onEnd();
  }, [lastSeen, count, onEnd]);
  useEffect(() => {
    if (activeLine >= 0) virtual.scrollToIndex(activeLine, { align: 'auto' });
  }, [activeLine, virtual]);
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.rowCount}
      aria-multiselectable="true"
      aria-activedescendant={props.activeId}
      tabIndex={0}
    >
      {props.head}
      <div className="grid-body" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ key, index, start, size }) => (
          <Fragment key={key}>{props.row(index, { transform: `translateY(${start}px)`, height: size })}</Fragment>
        ))}
      </div>
      {props.isLoadingMore && <p className="quiet grid-more">Loading more …</p>}
    </div>
  );
}
