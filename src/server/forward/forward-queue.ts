import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One batch as it waits: the text of a trace request in OTLP/JSON, and how many spans are in it. */
export interface QueuedBatch {
  spans: number;
  body: string;
}

/**
 * A queue in files, which a crash of the process leaves as they are. Batches are lines of numbered segments; a small file
 * says how far the oldest segment has been taken. One process may have it open.
 */
export interface ForwardQueue {
  /** False when the queue is full: the batch was not kept. Rejects when the disk refuses it. */
  push(batch: QueuedBatch): Promise<boolean>;
  /** The oldest batch, or undefined when nothing waits. It stays until `shift`. */
  peek(): Promise<QueuedBatch | undefined>;
  /** Takes the batch off that `peek` gave. */
  shift(): Promise<void>;
  /** Bytes that wait. */
  readonly bytes: number;
}

const SEGMENT_BYTES = 4 * 1024 * 1024;
const POSITION_FILE = 'position.json';

interface Segment {
  number: number;
  bytes: number;
}

/** Opens the queue in a folder, which is made when missing. What an earlier process left waiting is there again. */
export async function openForwardQueue(folder: string, mostBytes: number): Promise<ForwardQueue> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const segments = await findSegments(folder);
  let offset = await readPosition(folder, segments[0]);
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0) - offset;
  let head: { batch: QueuedBatch; length: number } | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  let next = (segments.at(-1)?.number ?? 0) + 1;
  // What a crash left of a line must not run into the next: a new segment is begun.
  let isNewSegment = true;

  async function write(line: string): Promise<void> {
    const length = Buffer.byteLength(line);
    let last = segments.at(-1);
    if (isNewSegment || last === undefined || last.bytes + length > SEGMENT_BYTES) {
      last = { number: next, bytes: 0 };
      next += 1;
      segments.push(last);
      isNewSegment = false;
    }
    try {
      await appendFile(pathOf(folder, last.number), line, { mode: 0o600 });
    } catch (cause) {
      // Part of the line may be there.
      isNewSegment = true;
      const size = await sizeOf(pathOf(folder, last.number));
      bytes += size - last.bytes;
      last.bytes = size;
      throw cause;
    }
    last.bytes += length;
    bytes += length;
  }

  async function dropFirst(): Promise<void> {
    const [first] = segments;
    if (first === undefined) return;
    bytes -= first.bytes - offset;
    segments.shift();
    offset = 0;
    if (segments.length === 0) isNewSegment = true;
    await savePosition(folder, segments[0]?.number ?? next, 0);
    await rm(pathOf(folder, first.number), { force: true });
  }

  return {
    get bytes() {
      return bytes;
    },
    async push({ spans, body }) {
      const line = `${spans} ${body}\n`;
      if (bytes + line.length > mostBytes) return false;
      const written = writing.then(() => write(line));
      writing = written.catch(() => undefined);
      await written;
      return true;
    },
    async peek() {
      for (;;) {
        if (head !== undefined) return head.batch;
        const [first] = segments;
        if (first === undefined) return undefined;
        const line = await readLine(pathOf(folder, first.number), offset, first.bytes);
        if (line === undefined) {
          // The last segment may still grow, unless it was torn.
          if (first === segments.at(-1) && offset >= first.bytes && !isNewSegment) return undefined;
          await dropFirst();
          continue;
        }
        const at = line.indexOf(' ');
        const spans = Number(line.slice(0, at));
        const length = Buffer.byteLength(line) + 1;
        if (Number.isInteger(spans) && at > 0) head = { batch: { spans, body: line.slice(at + 1) }, length };
        else {
          offset += length;
          bytes -= length;
        }
      }
    },
    async shift() {
      const [first] = segments;
      if (head === undefined || first === undefined) return;
      offset += head.length;
      bytes -= head.length;
      head = undefined;
      if (offset >= first.bytes && first !== segments.at(-1)) await dropFirst();
      else await savePosition(folder, first.number, offset);
    },
  };
}

async function findSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{10}\.jsonl$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      number: Number(name.slice(0, 10)),
      bytes: await sizeOf(join(folder, name)),
    })),
  );
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

async function readPosition(folder: string, first: Segment | undefined): Promise<number> {
  try {
    const said = JSON.parse(await readFile(join(folder, POSITION_FILE), 'utf8')) as {
      segment?: unknown;
      offset?: unknown;
    };
    const isFirst = first !== undefined && said.segment === first.number;
    return isFirst && typeof said.offset === 'number' && said.offset <= first.bytes ? said.offset : 0;
  } catch {
    // No position, or a torn one: the segment is sent again from its beginning, which receivers must bear.
    return 0;
  }
}

async function savePosition(folder: string, segment: number, offset: number): Promise<void> {
  const path = join(folder, POSITION_FILE);
  await writeFile(`${path}.new`, JSON.stringify({ segment, offset }), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** The line that begins at `offset`, without its end; undefined when there is no whole one. */
async function readLine(path: string, offset: number, end: number): Promise<string | undefined> {
  if (offset >= end) return undefined;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, {
      start: offset,
      end: end - 1,
    }) as AsyncIterable<Buffer>) {
      const at = chunk.indexOf(0x0a);
      if (at !== -1) return Buffer.concat([...chunks, chunk.subarray(0, at)]).toString('utf8');
      chunks.push(chunk);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
  return undefined;
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(10, '0')}.jsonl`);
}
