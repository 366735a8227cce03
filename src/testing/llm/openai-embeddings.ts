import type { JsonValue } from '../../../semconv/model/json.js';
import { turnUsage, type Endpoint } from './reply.js';

/** `POST /v1/embeddings`; the official SDK asks for base64 by itself. */
export const openaiEmbeddings: Endpoint = {
  json(turn, context) {
    const { body, model } = context;
    const { input } = turnUsage(turn, body);
    const base64 = body['encoding_format'] === 'base64';
    return {
      object: 'list',
      data: inputs(body['input'] ?? '').map((_, index) => {
        const vector = turn.embeddings?.[index] ?? invented(index, dimensions(body['dimensions']));
        return { object: 'embedding', index, embedding: base64 ? packed(vector) : [...vector] };
      }),
      model,
      usage: { prompt_tokens: input, total_tokens: input },
    };
  },
};

/** One text, a list of texts, one list of tokens, or a list of those. */
function inputs(input: JsonValue): JsonValue[] {
  return Array.isArray(input) && typeof input[0] !== 'number' ? input : [input];
}

function dimensions(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 8;
}

/** A unit vector that depends on the position alone. */
function invented(index: number, length: number): number[] {
  const raw = Array.from({ length }, (_, at) => Math.sin((index + 1) * (at + 1)));
  const norm = Math.hypot(...raw);
  return raw.map((value) => value / norm);
}

function packed(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString('base64');
}
