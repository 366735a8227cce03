import { encodeTraceRequestJson } from '../../otlp/encode-json.js';
import { rewriteSpan, type WritableDialect } from '../../translate/rewrite-span.js';
import type { Terminal } from '../command.js';
import type { Progress } from '../progress.js';
import type { BadLines } from './bad-lines.js';
import { openText } from './open-text.js';
import type { Output } from './output.js';
import { pieceSpans } from './piece-spans.js';
import { readPieces } from './read-pieces.js';

/** What there is to do with one file. */
export interface TranslateWork {
  target: WritableDialect;
  keepOwn: boolean;
  output: Output;
  bad: BadLines;
  progress: Progress;
}

/** Writes the spans of a file in another dialect, a trace request a line, until the file or the user ends it. */
export async function translateFile(
  path: string,
  terminal: Terminal,
  { target, keepOwn, output, bad, progress }: TranslateWork,
): Promise<{ spans: number; rewritten: number }> {
  let spans = 0;
  let rewritten = 0;
  for await (const piece of readPieces(openText(path, terminal))) {
    const read = pieceSpans(piece);
    if (read.problem !== undefined) bad.add(path, piece.line, read.problem);
    const written = read.spans.map((span) => rewriteSpan(span, target, { keepOwn }));
    spans += written.length;
    rewritten += written.filter((span, at) => span !== read.spans[at]).length;
    if (written.length > 0) await output.write(`${JSON.stringify(encodeTraceRequestJson(written))}\n`);
    progress.show(() => `${spans} spans`);
    if (terminal.stop.aborted) break;
  }
  progress.end();
  await output.end();
  return { spans, rewritten };
}
