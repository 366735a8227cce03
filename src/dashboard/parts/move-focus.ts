/** Moves the focus to the next or the previous element of a kind in a list, on arrow keys and j and k. */
export function moveFocus(event: KeyboardEvent, selector: string): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
  const list = event.currentTarget;
  if (!(list instanceof Element)) return;
  const stops = [...list.querySelectorAll<HTMLElement>(selector)];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[at + step];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
