import { fieldsOf, listOf, numberOf, textOf } from '../../src/instrument/read.js';
import type { CallOutput, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { candidatesOf, generateOutput, generateResponse } from './response.js';
import { putArguments } from './stream-arguments.js';
import type { ApiResponse, ApiUsage, Candidate, FunctionCall, Part } from './sdk-types.js';

/** A candidate that is still growing. */
interface GrowingCandidate {
  role: unknown;
  parts: Part[];
  finishReason: unknown;
  /** The call whose arguments are still coming. */
  openCall: FunctionCall | undefined;
}

/** Folds the chunks of one streamed answer: each is an answer of its own, with the next pieces of each candidate. */
export function createGenerateReducer(keepContent: boolean): StreamReducer {
  const answer: ApiResponse = {};
  const candidates = new Map<number, GrowingCandidate>();

  function addCandidate({ index, content, finishReason }: Candidate): void {
    const key = numberOf(index) ?? 0;
    let growing = candidates.get(key);
    if (growing === undefined) {
      candidates.set(
        key,
        (growing = { role: 'model', parts: [], finishReason: undefined, openCall: undefined }),
      );
    }
    if (textOf(finishReason) !== undefined) growing.finishReason = finishReason;
    growing.role = content?.role ?? growing.role;
    if (!keepContent) return;
    for (const part of listOf(content?.parts)) growParts(growing, fieldsOf(part));
  }

  function whole(): ApiResponse {
    const inOrder = [...candidates].toSorted(([a], [b]) => a - b);
    return {
      ...answer,
      candidates: inOrder.map(([, { role, parts, finishReason }]) => ({
        content: { role, parts },
        finishReason,
      })),
    };
  }

  return {
    add(chunk: unknown): void {
      const piece: ApiResponse = fieldsOf(chunk);
      answer.responseId ??= piece.responseId;
      answer.modelVersion ??= piece.modelVersion;
      answer.promptFeedback ??= piece.promptFeedback ?? null;
      if (piece.usageMetadata) answer.usageMetadata = mergeUsage(answer.usageMetadata, piece.usageMetadata);
      for (const candidate of candidatesOf(piece)) addCandidate(candidate);
    },
    response(): CallResponse {
      return generateResponse(whole());
    },
    output(): CallOutput {
      return generateOutput(whole());
    },
    get finished(): boolean {
      if (candidates.size === 0) return textOf(answer.promptFeedback?.blockReason) !== undefined;
      return [...candidates.values()].every(({ finishReason }) => finishReason !== undefined);
    },
  };
}

/** Counts of a later chunk are running totals; those that it leaves out stand. */
export function mergeUsage(known: ApiUsage | null | undefined, later: ApiUsage): ApiUsage {
  const usage: Record<string, unknown> = { ...known };
  for (const [key, value] of Object.entries(later)) {
    if (value !== null && value !== undefined) usage[key] = value;
  }
  return usage;
}

/** Text goes on in the part before it when that is of the same kind; everything else is a part of its own. */
function growParts(candidate: GrowingCandidate, part: Part): void {
  const last = candidate.parts.at(-1);
  const text = textOf(part.text);
  if (text !== undefined) {
    const isThought = part.thought === true;
    if (typeof last?.text === 'string' && (last.thought === true) === isThought) last.text += text;
    else if (text !== '') candidate.parts.push({ text, thought: isThought });
  } else if (part.functionCall) {
    growCall(candidate, part.functionCall);
  } else {
    candidate.parts.push(part);
  }
}

/** A call may come in pieces: its name first, then its arguments by their paths, then a piece that ends it. */
function growCall(candidate: GrowingCandidate, piece: FunctionCall): void {
  let call = candidate.openCall;
  if (call === undefined || textOf(piece.name) !== undefined) {
    // A copy where we are to grow it.
    call = piece.willContinue === true ? structuredClone(piece) : piece;
    candidate.parts.push({ functionCall: call });
  }
  const pieces = listOf(piece.partialArgs);
  if (pieces.length > 0) call.args = putArguments(call.args, pieces);
  candidate.openCall = piece.willContinue === true ? call : undefined;
}
