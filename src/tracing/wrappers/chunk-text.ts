import { listOf, plainFields, rolesOf } from './plain-fields.js';

/** Types of chunks whose text is a part of the answer. Others carry reasoning, arguments of tools, or no text. */
const TEXT_TYPES: ReadonlySet<unknown> = new Set([
  undefined,
  'content_block_delta',
  'response.output_text.delta',
  'text-delta',
  'text_delta',
]);
const CHUNK = rolesOf({
  type: ['type'],
  data: ['data'],
  choices: ['choices'],
  candidates: ['candidates'],
  block: ['contentBlockDelta'],
  delta: ['delta', 'textDelta', 'text'],
});
const PIECE = rolesOf({
  delta: ['delta'],
  text: ['content', 'text'],
  parts: ['parts'],
  thought: ['thought'],
});

/** The text that a chunk of a streamed answer adds, in any of the shapes that are in use. Undefined when it has none. Pure. */
export function chunkText(chunk: unknown): string | undefined {
  const outer = plainFields(chunk, CHUNK);
  if (!TEXT_TYPES.has(outer[CHUNK.at.type])) return undefined;
  const inner = outer[CHUNK.at.data];
  const part = inner === undefined ? outer : plainFields(inner, CHUNK);
  const choice = plainFields(listOf(part[CHUNK.at.choices])[0], PIECE);
  const delta =
    choice[PIECE.at.delta] ??
    choice[PIECE.at.text] ??
    plainFields(part[CHUNK.at.block], PIECE)[PIECE.at.delta] ??
    part[CHUNK.at.delta];
  if (typeof delta === 'string') return delta;
  const text = plainFields(delta, PIECE)[PIECE.at.text];
  if (typeof text === 'string') return text;
  const candidate = plainFields(listOf(part[CHUNK.at.candidates])[0], PIECE);
  return textOfParts(plainFields(candidate[PIECE.at.text], PIECE)[PIECE.at.parts]);
}

function textOfParts(value: unknown): string | undefined {
  const texts = listOf(value)
    .map((part) => plainFields(part, PIECE))
    .filter((part) => part[PIECE.at.thought] !== true)
    .map((part) => part[PIECE.at.text])
    .filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts.join('');
}
