export interface ServerSentEvent {
  event: string;
  id?: string;
  data: string;
}

/** Reads server-sent events from the bytes of a response. Comments are left out; an `id` without data is an event too. */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = readBlock(block);
      if (event !== undefined) yield event;
    }
  }
}

function readBlock(block: string): ServerSentEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const mark = line.indexOf(':');
    if (mark > 0) fields.set(line.slice(0, mark), line.slice(mark + 1).replace(/^ /, ''));
  }
  const id = fields.get('id');
  const data = fields.get('data');
  if (id === undefined && data === undefined) return undefined;
  return { event: fields.get('event') ?? 'message', data: data ?? '', ...(id === undefined ? {} : { id }) };
}
