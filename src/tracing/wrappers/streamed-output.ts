import { types } from 'node:util';
import { growingText, growText, grownText } from '../../shared/growing-text.js';
import { cutText, fitJson } from '../../shared/limits.js';

/** What came of a stream so far, at most so many characters of it. */
export interface StreamedOutput {
  /** `text` is what the chunk adds to the text, where the chunk is not text itself. */
  add(chunk: unknown, text: string | undefined): void;
  /** Text when all chunks were text or bytes of text, or held text; else a JSON list. */
  joined(): string | undefined;
}

/** For the brackets and the mark of a list that was cut. */
const FRAME = 64;

/** Joins the chunks of a stream without holding on to them. */
export function createStreamedOutput(maxLength: number): StreamedOutput {
  const text = growingText();
  const items: string[] = [];
  let textLength = 0;
  let holdsText = false;
  let itemsLength = FRAME;
  let itemCount = 0;
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let byteCount = 0;
  let isBinary = false;

  function addText(piece: string): void {
    const room = maxLength - textLength;
    textLength += piece.length;
    if (room > 0) growText(text, piece.length > room ? piece.slice(0, room) : piece);
  }

  function addBytes(bytes: Uint8Array): void {
    byteCount += bytes.byteLength;
    if (isBinary) return;
    try {
      decoder ??= new TextDecoder('utf-8', { fatal: true });
      addText(decoder.decode(bytes, { stream: true }));
    } catch {
      isBinary = true;
    }
  }

  function addItem(chunk: unknown): void {
    itemCount += 1;
    const room = maxLength - itemsLength;
    if (room <= 0) return;
    const json = fitJson(chunk, { maxLength: room });
    itemsLength += json.length + 1;
    items.push(json);
  }

  function joinedText(): string {
    return isBinary ? `[${byteCount} bytes]` : cutText(grownText(text), maxLength, textLength);
  }

  const isText = (): boolean => holdsText || (itemCount === 0 && (textLength > 0 || byteCount > 0));

  return {
    add(chunk, held) {
      if (held !== undefined) {
        holdsText = true;
        addText(held);
      } else if (itemCount === 0 && typeof chunk === 'string') {
        addText(chunk);
      } else if (itemCount === 0 && types.isUint8Array(chunk)) {
        addBytes(chunk);
      } else {
        // Not text after all: what came so far is the first entry of the list.
        if (isText() && !holdsText) addItem(joinedText());
        addItem(chunk);
      }
    },
    joined() {
      if (isText()) return joinedText();
      if (itemCount === 0) return undefined;
      const left = itemCount - items.length;
      const mark = left > 0 ? [`"[${left} of ${itemCount} entries left out]"`] : [];
      return `[${[...items, ...mark].join(',')}]`;
    },
  };
}
