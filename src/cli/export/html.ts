import type { JsonValue } from '../../../semconv/model/json.js';
import type { Message, MessagePart } from '../../../semconv/model/message.js';
import type { Observation } from '../../../semconv/model/observation.js';
import type { Step } from '../../../semconv/model/step.js';
import type { SessionResponse } from '../../server/api-types.js';
import { formatCost, formatCount, formatDuration, formatTime, statusWord, tokensOf } from '../format.js';
import { text as textOf } from '../../../semconv/dialects/written-fields.js';
import { PAGE_STYLE, PAGE_STYLE_HASH } from './page-style.js';

/** Markup that is made here, apart from text, which is escaped on its way in. */
interface Markup {
  readonly html: string;
}

/**
 * A session as one HTML file that asks for nothing else: its policy lets it load and run nothing but its own style. All text
 * of the records is escaped.
 */
export function renderHtml({ session, steps, observations }: SessionResponse): string {
  const title = session.name ?? session.task ?? session.id;
  const policy = `default-src 'none'; style-src 'sha256-${PAGE_STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ html: PAGE_STYLE }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${factsOf(session)}</p>
${block('Task', session.task)}
${block('Result', session.isSuccessfulReason)}
</header>
<main>
${parts(sectionsOf(steps, observations))}
</main>
</body>
</html>
`;
  return page.html;
}

function factsOf(session: SessionResponse['session']): string {
  const { startMs, endMs, usage, cost } = session;
  return [
    session.id,
    `${formatTime(startMs)} UTC`,
    endMs === undefined ? 'open' : formatDuration(endMs - startMs),
    statusWord(session),
    `${formatCount(session.stepCount)} steps`,
    `${formatCount(session.generationCount)} model calls`,
    `${formatCount(session.toolCount)} tool calls`,
    `${formatCount(usage.total)} tokens`,
    ...(cost === undefined ? [] : [formatCost(cost)]),
    ...session.models,
  ].join(' · ');
}

/** A section for each step; what belongs to none comes last. */
function sectionsOf(steps: readonly Step[], observations: readonly Observation[]): Markup[] {
  const known = new Set(steps.map(({ id }) => id));
  const implicit = steps.find((step) => step.implicit)?.id;
  const of = (id: string): Observation[] =>
    observations.filter(({ stepId }) =>
      id === implicit ? stepId === undefined || stepId === id || !known.has(stepId) : stepId === id,
    );
  const sections = steps.map((step) => sectionOf(step, of(step.id)));
  const left = observations.filter(({ stepId }) => stepId === undefined || !known.has(stepId));
  return implicit !== undefined || left.length === 0
    ? sections
    : [...sections, markup`<section>${parts(left.map((observation) => articleOf(observation)))}</section>`];
}

function sectionOf(step: Step, observations: readonly Observation[]): Markup {
  const heading = step.implicit ? 'Outside any step' : `${step.index + 1}. ${step.name}`;
  return markup`<section>
<h2>${heading}</h2>
${block('State', step.state)}${block('Goal', step.goal)}${block('Action', step.action)}
${block('Evaluation', step.evalScore === undefined ? undefined : `${step.evalScore} ${step.evalDescription ?? ''}`)}
${parts(observations.map((observation) => articleOf(observation)))}
</section>`;
}

function articleOf(observation: Observation): Markup {
  const { type, name, startMs, endMs, status, statusMessage, usage, tool } = observation;
  const model = observation.responseModel ?? observation.requestModel;
  const tokens = usage === undefined ? undefined : tokensOf(usage);
  const facts = [
    type.toLowerCase(),
    ...(model === undefined ? [] : [model]),
    endMs === undefined ? 'open' : formatDuration(endMs - startMs),
    ...(tokens === undefined ? [] : [`${formatCount(tokens.in)} → ${formatCount(tokens.out)} tokens`]),
    ...(observation.cost === undefined ? [] : [formatCost(observation.cost)]),
  ];
  return markup`<details class="${status === 'error' ? 'error' : 'fine'}">
<summary><b>${tool?.name ?? name}</b> <span>${facts.join(' · ')}</span></summary>
${block('Error', status === 'error' ? (statusMessage ?? observation.errorType ?? 'error') : undefined)}
${messagesOf('Instructions', observation.systemInstructions && [{ role: 'system', parts: observation.systemInstructions }])}
${messagesOf('Input', observation.inputMessages)}
${messagesOf('Output', observation.outputMessages)}
${block('Arguments', tool?.arguments)}${block('Result', tool?.result)}
${block('Input', observation.input)}${block('Output', observation.output)}
${block('Scores', observation.scores as JsonValue | undefined)}
${block('Metadata', observation.metadata)}${block('Attributes', observation.attributes)}
</details>
`;
}

function messagesOf(title: string, messages: readonly Message[] | undefined): Markup {
  if (messages === undefined || messages.length === 0) return { html: '' };
  const rows = messages.map(
    ({ role, parts: said }) =>
      markup`<dt>${role}</dt><dd><pre>${said.map((part) => partText(part)).join('\n')}</pre></dd>`,
  );
  return markup`<h3>${title}</h3><dl>${parts(rows)}</dl>`;
}

/** Media are named, not shown: showing them could ask a server for them. */
function partText(part: MessagePart): string {
  if ((part.type === 'text' || part.type === 'reasoning') && 'content' in part)
    return textOf(part.content) ?? '';
  return JSON.stringify(part, undefined, 2);
}

function block(title: string, value: JsonValue | undefined): Markup {
  if (value === undefined || value === '') return { html: '' };
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return markup`<h3>${title}</h3><pre>${text}</pre>`;
}

function parts(list: readonly Markup[]): Markup {
  return { html: list.map(({ html }) => html).join('') };
}

/** A template in which every text is escaped; only what is markup already stays as it is. */
function markup(strings: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  return {
    html: strings.reduce((html, text, at) => {
      const value = values[at - 1];
      return (
        html + (value === undefined ? '' : typeof value === 'string' ? escaped(value) : value.html) + text
      );
    }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, and those that turn the direction of text around, are shown as a sign that stands for none. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
      /[\t\n\r]/.test(character) ? character : '\uFFFD',
    );
}
