import { createReadStream } from 'node:fs';
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';

/** One batch as it waits: a text without line breaks, and how many spans or log records are in it. */
export interface QueuedBatch {
  records: number;
  body: string;
}

/**
 * A queue in files, which a crash of the process leaves as they are. Batches are lines of numbered segments; a small file
 * says how far the oldest segment has been taken. One process may have it open. Like the store, it leaves to the system when
 * bytes go from memory to the disk: a loss of power may cost the last ones.
 */
export interface ForwardQueue {
  /** False when the queue is full: the batch was not kept. Rejects when the disk refuses it. */
  push(batch: QueuedBatch): Promise<boolean>;
  /** The oldest batch, or undefined when nothing waits. It stays until `shift`. */
  peek(): Promise<QueuedBatch | undefined>;
  /** Takes the batch off that `peek` gave, also when the disk refuses the note of it: then a crash brings the batch back. */
  shift(): Promise<void>;
  /** Bytes that wait. */
  readonly bytes: number;
}

const SEGMENT_BYTES = 4 * 1024 * 1024;
const POSITION_FILE = 'position.json';

interface Position {
  segment: number;
  offset: number;
}

interface Segment {
  number: number;
  bytes: number;
}

/** Opens the queue in a folder, which is made when missing. What an earlier process left waiting is there again. */
export async function openForwardQueue(folder: string, mostBytes: number): Promise<ForwardQueue> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const segments = await findSegments(folder);
  const taken = await readPosition(folder);
  let offset = offsetIn(taken, segments[0]);
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0) - offset;
  let head: { batch: QueuedBatch; length: number } | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  // Numbers are never used again: an old note of a position must not speak of a new segment.
  let next = Math.max(segments.at(-1)?.number ?? 0, taken?.segment ?? 0) + 1;
  // What a crash left of a line must not run into the next: a new segment is begun.
  let isNewSegment = true;
  /** The segment that a line is being added to. */
  let written: Segment | undefined;

  async function write(line: string): Promise<void> {
    const length = Buffer.byteLength(line);
    const [first] = segments;
    // All of it was sent while the last line was being refused.
    if (first !== undefined && segments.length === 1 && first.bytes > 0 && offset >= first.bytes) {
      await drop(first);
    }
    let last = segments.at(-1);
    if (isNewSegment || last === undefined || last.bytes + length > SEGMENT_BYTES) {
      last = { number: next, bytes: 0 };
      next += 1;
      segments.push(last);
      isNewSegment = false;
    }
    written = last;
    try {
      await appendFile(pathOf(folder, last.number), line, { mode: 0o600 });
    } catch (cause) {
      await undo(last);
      throw cause;
    } finally {
      written = undefined;
    }
    last.bytes += length;
    bytes += length;
  }

  /** Takes away what a refused write left of its line. */
  async function undo(segment: Segment): Promise<void> {
    try {
      await truncate(pathOf(folder, segment.number), segment.bytes);
    } catch {
      isNewSegment = true;
      if (segment.bytes === 0) segments.splice(segments.indexOf(segment), 1);
    }
  }

  async function drop(first: Segment): Promise<void> {
    if (segments[0] !== first) return;
    bytes -= first.bytes - offset;
    segments.shift();
    offset = 0;
    if (segments.length === 0) isNewSegment = true;
    // Should it stay, the next process sends it once more.
    await rm(pathOf(folder, first.number), { force: true }).catch(() => undefined);
  }

  return {
    get bytes() {
      return bytes;
    },
    async push({ records, body }) {
      const line = `${records} ${body}\n`;
      if (bytes + line.length > mostBytes) return false;
      const done = writing.then(() => write(line));
      writing = done.catch(() => undefined);
      await done;
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
          if (first === written || (first === segments.at(-1) && offset >= first.bytes && !isNewSegment)) {
            return undefined;
          }
          await drop(first);
          continue;
        }
        const at = line.indexOf(' ');
        const records = Number(line.slice(0, at));
        const length = Buffer.byteLength(line) + 1;
        if (Number.isInteger(records) && at > 0)
          head = { batch: { records, body: line.slice(at + 1) }, length };
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
      // Also the last one: on a full disk what has been sent must give its room to what comes.
      if (offset >= first.bytes && first !== written) await drop(first);
      else await savePosition(folder, { segment: first.number, offset });
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

async function readPosition(folder: string): Promise<Position | undefined> {
  try {
    const said = JSON.parse(await readFile(join(folder, POSITION_FILE), 'utf8')) as Partial<Position>;
    const isRight = Number.isSafeInteger(said.segment) && Number.isSafeInteger(said.offset);
    return isRight ? (said as Position) : undefined;
  } catch {
    // No position, or a torn one: the segment is sent again from its beginning, which receivers must bear.
    return undefined;
  }
}

function offsetIn(taken: Position | undefined, first: Segment | undefined): number {
  if (taken === undefined || first === undefined || taken.segment !== first.number) return 0;
  return taken.offset >= 0 && taken.offset <= first.bytes ? taken.offset : 0;
}

/** A full disk must not stop the sending, which is what makes room. */
async function savePosition(folder: string, position: Position): Promise<void> {
  const path = join(folder, POSITION_FILE);
  try {
    await writeFile(`${path}.new`, JSON.stringify(position), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    // After a crash the batches since the last note are sent again.
  }
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
