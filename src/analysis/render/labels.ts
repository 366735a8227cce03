import type { GraphEdge, GraphNode } from '../../../semconv/model/graph.js';

/** Sequences that colour and move on a terminal: CSI, and OSC up to its end. */
const ESCAPES: RegExp = /\p{Cc}\[[0-?]*[ -/]*[@-~]|\p{Cc}\][^\p{Cc}]*(?:\p{Cc}\\?|$)/gu;

/**
 * A text from a trace without anything that acts on a terminal or misleads a reader: control characters and line ends are
 * spaces, invisible and direction-changing characters are gone.
 */
export function plainText(text: string, length: number): string {
  const plain = text
    .slice(0, length * 8)
    .replaceAll(ESCAPES, '')
    .replaceAll(/\p{Cs}/gu, '\uFFFD')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/(?!\u200D)\p{Cf}/gu, '')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length <= length
    ? plain
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

export function nodeLabel({ id, label }: Pick<GraphNode, 'id' | 'label'>, length: number): string {
  const text = plainText(label, length);
  return text === '' ? id : text;
}

/** `×3 · 2 failed · $0.02`: what a node adds up to. */
export function nodeFigures({ visits, errors, cost, ms }: GraphNode): string {
  const parts = [
    ...(visits > 1 ? [`×${visits}`] : []),
    ...(errors > 0 ? [`${errors} failed`] : []),
    ...(cost === undefined ? [] : [dollars(cost)]),
    ...(ms > 0 ? [duration(ms)] : []),
  ];
  return parts.join(' · ');
}

/** `open the first result (+2) · 67 % · ×4`: what an edge says. */
export function edgeLabel({ actions, count, share }: GraphEdge, length: number): string {
  const named = actions.filter(({ label }) => label !== '');
  const first = named[0] === undefined ? '' : plainText(named[0].label, length);
  const more = named.length > 1 ? ` (+${named.length - 1})` : '';
  const parts = [
    ...(first === '' ? [] : [`${first}${more}`]),
    ...(share < 0.9995 ? [percent(share)] : []),
    ...(count > 1 ? [`×${count}`] : []),
  ];
  return parts.join(' · ');
}

export function percent(share: number): string {
  const hundredths = share * 100;
  return `${hundredths >= 1 || hundredths === 0 ? Math.round(hundredths) : '<1'} %`;
}

export function dollars(cost: number): string {
  return `$${cost.toFixed(cost >= 1 ? 2 : 4)}`;
}

export function duration(ms: number): string {
  if (ms < 999.5) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
