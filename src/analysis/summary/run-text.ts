import type { Message } from '../../../semconv/model/message.js';
import type { Observation } from '../../../semconv/model/observation.js';
import type { SessionRecords } from '../moves/read-moves.js';
import { cutMiddle } from './cut-middle.js';

/** A run as plain text: the task, then what was said and done, in order; the middle is cut when it is longer. */
export function runText({ session, steps, observations }: SessionRecords, maxCharacters: number): string {
  const head = session.task === undefined ? [] : [`Task: ${session.task}`];
  const said = steps
    .filter(({ implicit }) => !implicit)
    .map(
      ({ index, state = '', action = '', goal = '' }) =>
        `Step ${index + 1}: ${[goal, state, action].filter(Boolean).join(' | ')}`,
    );
  const done = withoutRepeats(observations.flatMap(linesOf));
  return cutMiddle([...head, ...said, ...done].join('\n'), maxCharacters);
}

/** A conversation is sent again with each call: what the user said last stands there once. */
function withoutRepeats(lines: readonly string[]): string[] {
  let heard = '';
  return lines.filter((line) => {
    if (!line.startsWith('User: ')) return true;
    const isNew = line !== heard;
    heard = line;
    return isNew;
  });
}

function linesOf(observation: Observation): string[] {
  const { type, name, status, statusMessage, tool, inputMessages, outputMessages } = observation;
  const failure = status === 'error' ? ` (failed: ${statusMessage ?? 'no reason given'})` : '';
  if (type === 'TOOL') {
    const { name: called = name, arguments: given, result } = tool ?? {};
    return [`Tool ${called}(${jsonOf(given)}) -> ${jsonOf(result)}${failure}`];
  }
  if (type !== 'GENERATION') return failure === '' ? [] : [`${name}${failure}`];
  const asked = inputMessages?.findLast(({ role }) => role === 'user');
  const answers = (outputMessages ?? []).map((message) => `Model: ${messageText(message)}${failure}`);
  return [
    ...(asked === undefined ? [] : [`User: ${messageText(asked)}`]),
    ...(answers.length === 0 && failure !== '' ? [`Model${failure}`] : answers),
  ];
}

/** The texts of a message, and the calls that it asks for. */
export function messageText({ parts }: Message): string {
  return parts
    .map((part) => {
      if (part.type === 'text' && 'content' in part && typeof part.content === 'string') return part.content;
      if (part.type === 'tool_call' && 'name' in part && typeof part.name === 'string') {
        return `[calls ${part.name}]`;
      }
      return '';
    })
    .filter((text) => text !== '')
    .join(' ');
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
