import { keyHeaders, storedKey } from './key.js';

export interface LiveSourceHandlers {
  onOpen(): void;
  onEvent(type: string, data: string): void;
  /** `isOver` when nobody connects again. */
  onLost(isOver: boolean): void;
}

const EVENTS = ['change', 'reset'] as const;

/** Opens a stream of server-sent events; returns what ends it. */
export function openLiveSource(path: string, handlers: LiveSourceHandlers): () => void {
  // An EventSource connects again by itself, but sends no header.
  return storedKey() === undefined ? openEventSource(path, handlers) : openFetch(path, handlers);
}

function openEventSource(path: string, handlers: LiveSourceHandlers): () => void {
  const source = new EventSource(path);
  source.addEventListener('open', () => handlers.onOpen());
  for (const type of EVENTS) {
    source.addEventListener(type, (event) => handlers.onEvent(type, String(event.data)));
  }
  source.addEventListener('error', () => handlers.onLost(source.readyState === EventSource.CLOSED));
  return () => source.close();
}

function openFetch(path: string, handlers: LiveSourceHandlers): () => void {
  const over = new AbortController();
  const read = async (): Promise<void> => {
    const headers = { accept: 'text/event-stream', ...keyHeaders() };
    const response = await fetch(path, { headers, signal: over.signal });
    if (!response.ok || response.body === null)
      throw new Error(`The translator answered ${response.status}.`);
    handlers.onOpen();
    const events = createEventReader(handlers.onEvent);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) events.push(part.value);
  };
  read()
    .catch(() => {})
    .finally(() => {
      if (!over.signal.aborted) handlers.onLost(true);
    });
  return () => over.abort();
}

/** Takes the text of a stream in any pieces, and gives the events in it. */
export function createEventReader(onEvent: (type: string, data: string) => void): {
  push(text: string): void;
} {
  let rest = '';
  return {
    push(text) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const lines = block.split('\n');
        const valuesOf = (field: string): string[] =>
          lines
            .filter((line) => line.startsWith(`${field}:`))
            .map((line) => line.slice(field.length + 1).trimStart());
        const [type] = valuesOf('event');
        if (type !== undefined) onEvent(type, valuesOf('data').join('\n'));
      }
    },
  };
}
