import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../model/format.js';

const SHOWN = 1_500;

/** Text with its line breaks; a long one is cut until it is asked for. */
export function FoldedText({ text, code = false }: { text: string; code?: boolean }): VNode {
  const [open, setOpen] = useState(false);
  const long = text.length > SHOWN * 1.2;
  return (
    <div class={code ? 'text code' : 'text'}>
      <span>{long && !open ? `${text.slice(0, SHOWN)}…` : text}</span>
      {long ? (
        <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${formatCount(text.length)} characters`}
        </button>
      ) : null}
    </div>
  );
}
