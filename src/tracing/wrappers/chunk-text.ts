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
  if (!TEXT_TYPES.has(outer.type)) return undefined;
  const part = outer.data === undefined ? outer : plainFields(outer.data, CHUNK);
  const choice = plainFields(listOf(part.choices)[0], PIECE);
  const delta = choice.delta ?? choice.text ?? plainFields(part.block, PIECE).delta ?? part.delta;
  if (typeof delta === 'string') return delta;
  const { text } = plainFields(delta, PIECE);
  if (typeof text === 'string') return text;
  const candidate = plainFields(listOf(part.candidates)[0], PIECE);
  return textOfParts(plainFields(candidate.text, PIECE).parts);
}

function textOfParts(value: unknown): string | undefined {
  const texts = listOf(value)
    .map((part) => plainFields(part, PIECE))
    .filter((part) => part.thought !== true)
    .map((part) => part.text)
    .filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts.join('');
}
