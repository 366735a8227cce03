import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate } from '../feed/use-route.js';
import type { SessionFilters } from '../model/route.js';

const TYPING_MS = 200;

const STATUS_WORDS: Readonly<Record<SessionFilters['status'], string>> = {
  '': 'Any status',
  ok: 'Ok',
  error: 'Error',
  unset: 'Not set',
};

/** Search box and status filter; what they say is in the address. `/` goes to the box. */
export function SessionFilterBar({ filters }: { filters: SessionFilters }): VNode {
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [text, setText] = useState(filters.text);
  useEffect(() => setText(filters.text), [filters.text]);
  useEffect(() => {
    const focusBox = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', focusBox);
    return () => {
      removeEventListener('keydown', focusBox);
      clearTimeout(timer.current);
    };
  }, []);

  const go = (change: Partial<SessionFilters>): void => {
    clearTimeout(timer.current);
    navigate({ page: 'sessions', filters: { ...filters, text, ...change } }, 'replace');
  };
  const type = (value: string): void => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go({ text: value }), TYPING_MS);
  };
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        go({});
      }}
    >
      <input
        ref={box}
        type="search"
        aria-label="Search names, tasks and messages"
        placeholder="Search names, tasks, messages   /"
        value={text}
        maxLength={1_024}
        onInput={(event) => type(event.currentTarget.value)}
      />
      <select
        aria-label="Status"
        value={filters.status}
        onChange={(event) => go({ status: event.currentTarget.value as SessionFilters['status'] })}
      >
        {Object.entries(STATUS_WORDS).map(([status, word]) => (
          <option key={status} value={status}>
            {word}
          </option>
        ))}
      </select>
    </form>
  );
}
