import type { JsonValue } from '../../semconv/model/json.js';
import type { Log } from '../../semconv/model/log.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import type { Observation, ObservationType } from '../../semconv/model/observation.js';
import { formatDuration, formatShortCount, statusWord, tokensOf } from './format.js';
import { isErrorLog, logText } from './log-text.js';
import type { ObservationRow } from './observation-tree.js';
import type { Palette } from './palette.js';
import { renderSplitLine } from './render-line.js';
import type { Repeats } from './repeated-calls.js';
import { toSafeText } from './safe-text.js';
import { screenshotsText } from './screenshots-text.js';
import { cutText, textWidth } from './text-width.js';

const TYPE_MARKS: Readonly<Record<ObservationType, string>> = {
  AGENT: '●',
  SPAN: '·',
  TOOL: '▸',
  GENERATION: '◆',
  RETRIEVAL: '▿',
  EMBEDDING: '▪',
  EVENT: '○',
  CHAIN: '◇',
  EVALUATION: '✓',
};

/** The lines of one observation: what it was, then what was said. */
export function renderObservation(
  { observation, branch, trunk }: ObservationRow,
  repeats: Repeats,
  columns: number,
  palette: Palette,
  logs: readonly Log[] = [],
): string[] {
  const status = statusWord(observation);
  const repeat = repeats.get(observation);
  const repeatText = repeat === undefined ? '' : `same ${repeat.nth}/${repeat.of}`;
  const top = {
    prefix: branch,
    left: observationTitle(observation),
    right: [repeatText, factsText(observation)].filter((part) => part !== '').join('  '),
    paintLeft: status === 'error' ? palette.red : palette.cyan,
    paintRight: repeat === undefined ? palette.dim : palette.yellow,
  };
  const details = [...detailsOf(observation), ...logs.map(logDetail)].map(({ mark, text, isError }) => {
    const head = `${trunk}  ${mark} `;
    const shown = cutText(toSafeText(text), columns - textWidth(head));
    return palette.dim(head) + (isError === true ? palette.red(shown) : shown);
  });
  return [renderSplitLine(top, columns, palette), ...details];
}

/** `◆ chat gpt-4o`: the mark of the type, and a name that says which model or tool. */
export function observationTitle(observation: Observation): string {
  const name = toSafeText(observation.tool?.name ?? observation.name);
  const model = observation.responseModel ?? observation.requestModel ?? '';
  const isNamed = model === '' || name.includes(observation.requestModel ?? model);
  return `${TYPE_MARKS[observation.type]} ${name}${isNamed ? '' : ` ${toSafeText(model)}`}`;
}

/** `812→120 (512 cached)  stop  1.1 s` */
export function factsText(observation: Observation): string {
  const finish = observation.finishReasons?.map(toSafeText).join(',') ?? '';
  const time =
    observation.endMs === undefined ? 'open' : formatDuration(observation.endMs - observation.startMs);
  return [tokensText(observation), cutText(finish, 16), time].filter((part) => part !== '').join('  ');
}

function tokensText({ usage }: Observation): string {
  if (usage === undefined) return '';
  const tokens = tokensOf(usage);
  if (tokens.in + tokens.out === 0) return '';
  const cached = tokens.cached === 0 ? '' : ` (${formatShortCount(tokens.cached)} cached)`;
  return `${formatShortCount(tokens.in)}→${formatShortCount(tokens.out)}${cached}`;
}

export interface Detail {
  /** `<` went in, `>` came out, `!` failed, `≡` was logged. */
  mark: '<' | '>' | '!' | '≡';
  text: string;
  isError?: boolean;
}

/** A log record as a line. */
export function logDetail(log: Log): Detail {
  return { mark: '≡', text: logText(log), isError: isErrorLog(log) };
}

function detailsOf(observation: Observation): Detail[] {
  const details: Detail[] = [];
  const add = (mark: Detail['mark'], text: string | undefined): void => {
    if (text !== undefined && text !== '') details.push({ mark, text });
  };
  add('<', inputText(observation));
  for (const text of outputTexts(observation)) add('>', text);
  const screenshots = screenshotsText(observation.screenshots);
  add('>', screenshots && `screenshots: ${screenshots}`);
  if (observation.status === 'error')
    details.push({ mark: '!', text: errorText(observation), isError: true });
  return details;
}

/** What the user or a tool last said to a model; the history before it is on the earlier calls. */
function inputText(observation: Observation): string | undefined {
  if (observation.tool?.arguments !== undefined) return valueText(observation.tool.arguments);
  const last = observation.inputMessages?.at(-1);
  if (last !== undefined) return messageText(last);
  return observation.input === undefined ? undefined : valueText(observation.input);
}

function outputTexts(observation: Observation): string[] {
  if (observation.tool?.result !== undefined) return [valueText(observation.tool.result)];
  if (observation.outputMessages !== undefined) {
    return observation.outputMessages.flatMap((message) => message.parts.map(partText));
  }
  return observation.output === undefined ? [] : [valueText(observation.output)];
}

function messageText(message: Message): string {
  return `${message.role}: ${message.parts.map(partText).join(' ')}`;
}

function partText(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return valueText(part['content']);
    case 'reasoning':
      return `(reasoning) ${valueText(part['content'])}`;
    case 'tool_call':
      return `${valueText(part['name'])} ${valueText(part['arguments'] ?? {})}`;
    case 'tool_call_response':
      return valueText(part['response']);
    default:
      return `(${part.type})`;
  }
}

function valueText(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function errorText(observation: Observation): string {
  const said = [observation.errorType, observation.statusMessage].filter(
    (part) => part !== undefined && part !== '',
  );
  return said.length === 0 ? 'failed' : said.join(': ');
}
