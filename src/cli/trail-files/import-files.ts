import { basename } from 'node:path';
import type { JsonValue } from '../../../semconv/model/json.js';
import type { SpanRecord } from '../../otlp/records.js';
import type { Terminal } from '../command.js';
import type { Progress } from '../progress.js';
import type { BadLines } from '../span-files/bad-lines.js';
import { openText } from '../span-files/open-text.js';
import { pieceSpans } from '../span-files/piece-spans.js';
import { readPieces } from '../span-files/read-pieces.js';
import type { JsonPiece } from '../span-files/split-json.js';
import { readFileLine } from './file-lines.js';
import { createFileSpans, type FileSpans } from './file-spans.js';
import type { SpanSink } from './span-sink.js';

/** What there is to do with the files. */
export interface ImportWork {
  sink: SpanSink;
  bad: BadLines;
  progress: Progress;
}

const MOST_SPANS = 1000;
/** Of the text that the waiting spans were read from. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** Reads the files in turn, those of traces before those of observations, and hands their spans on in batches. */
export async function importFiles(
  files: readonly string[],
  terminal: Terminal,
  { sink, bad, progress }: ImportWork,
): Promise<{ spans: number }> {
  const fileSpans = createFileSpans();
  let waiting: SpanRecord[] = [];
  let size = 0;
  let spans = 0;
  const append = async (): Promise<void> => {
    if (waiting.length > 0) await sink.append(waiting);
    spans += waiting.length;
    waiting = [];
    size = 0;
  };
  for (const file of inOrder(files)) {
    for await (const piece of readPieces(openText(file, terminal))) {
      const read = readPiece(piece, file, fileSpans);
      if (read.problem !== undefined) bad.add(file, piece.line, read.problem);
      waiting.push(...read.spans);
      size += piece.text.length;
      if (waiting.length >= MOST_SPANS || size >= MOST_CHARACTERS) await append();
      progress.show(() => `${basename(file)}: ${spans} spans`);
      if (terminal.stop.aborted) break;
    }
    if (terminal.stop.aborted) break;
  }
  waiting.push(...fileSpans.rest());
  await append();
  progress.end();
  return { spans };
}

/** A line of a trace file, else spans of OTLP/JSON. */
function readPiece(
  piece: JsonPiece,
  file: string,
  fileSpans: FileSpans,
): { spans: SpanRecord[]; problem?: string } {
  if (!/"(?:resourceSpans|scopeSpans|spanId)"/.test(piece.text)) {
    try {
      const line = readFileLine(JSON.parse(piece.text) as JsonValue, file);
      if (line !== undefined) return { spans: fileSpans.add(line) };
    } catch {
      // The other reader says what is wrong with it.
    }
  }
  return pieceSpans(piece);
}

/** What a trace file says of a trace is needed when its first span is read. */
function inOrder(files: readonly string[]): string[] {
  return [...files.filter((file) => isTraces(file)), ...files.filter((file) => !isTraces(file))];
}

function isTraces(file: string): boolean {
  return basename(file).startsWith('traces');
}
