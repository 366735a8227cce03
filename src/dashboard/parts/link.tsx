import type { ComponentChildren, VNode } from 'preact';
import { navigate } from '../feed/use-route.js';
import { type Route, formatRoute } from '../model/route.js';

interface LinkProps {
  to: Route;
  class?: string;
  current?: boolean;
  children: ComponentChildren;
}

/** A link to a view: a plain click stays in the page, everything else is the browser's. */
export function Link({ to, current = false, children, ...rest }: LinkProps): VNode {
  const open = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a {...rest} href={formatRoute(to)} onClick={open} aria-current={current ? 'true' : undefined}>
      {children}
    </a>
  );
}
