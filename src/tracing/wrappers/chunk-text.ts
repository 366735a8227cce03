import { listOf, plainFields } from './plain-fields.js';

/** Types of chunks whose text is a part of the answer. Others carry reasoning, arguments of tools, or no text. */
const TEXT_TYPES: ReadonlySet<unknown> = new Set([
  undefined,
  'content_block_delta',
  'response.output_text.delta',
  'text-delta',
  'text_delta',
]);

/** The text that a chunk of a streamed answer adds, in any of the shapes that are in use. Undefined when it has none. Pure. */
export function chunkText(chunk: unknown): string | undefined {
  const outer = plainFields(chunk);
  if (!TEXT_TYPES.has(outer['type'])) return undefined;
  const part = outer['data'] === undefined ? outer : plainFields(outer['data']);
  const choice = plainFields(listOf(part['choices'])[0]);
  const candidate = plainFields(listOf(part['candidates'])[0]);
  const block = plainFields(part['contentBlockDelta']);
  const delta =
    choice['delta'] ?? choice['text'] ?? block['delta'] ?? part['delta'] ?? part['textDelta'] ?? part['text'];
  if (typeof delta === 'string') return delta;
  const fields = plainFields(delta);
  const text = fields['content'] ?? fields['text'];
  if (typeof text === 'string') return text;
  return textOfParts(plainFields(candidate['content'])['parts']);
}

function textOfParts(value: unknown): string | undefined {
  const texts = listOf(value)
    .map(plainFields)
    .filter((part) => part['thought'] !== true)
    .map((part) => part['text'])
    .filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts.join('');
}
