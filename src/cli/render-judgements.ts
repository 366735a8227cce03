import type { Judgement } from '../../semconv/model/judgement.js';
import type { Score } from '../../semconv/model/score.js';
import { createPalette } from './palette.js';
import type { RenderOptions } from './render-line.js';
import { toSafeText } from './safe-text.js';
import { cutText, padText, textWidth } from './text-width.js';

/** One session: its score and criteria; several: a line each, the worst first. */
export function renderJudgements(judged: readonly Judgement[], terminal: RenderOptions): string {
  const [first] = judged;
  if (judged.length === 1 && first !== undefined) return `${linesOf(first, terminal).join('\n')}\n`;
  const sorted = judged.toSorted((a, b) => Number(a.overall?.value ?? 2) - Number(b.overall?.value ?? 2));
  const rows = sorted.map((each) => {
    const why = each.overall?.explanation ?? givenText(each);
    return cutText(
      `${padText(valueText(each.overall?.value), 6)}  ${toSafeText(each.sessionId)}  ${toSafeText(why)}`,
      terminal.columns,
    );
  });
  return `${rows.join('\n')}\n`;
}

function linesOf(judged: Judgement, { columns, isColoured }: RenderOptions): string[] {
  const palette = createPalette(isColoured);
  if (judged.given !== undefined) {
    return [givenText(judged), palette.dim('As the program said itself; --rubric default judges anyway.')];
  }
  const { overall, criteria, unjudged } = judged;
  const head = overall === undefined ? 'Not judged.' : `${overall.name}  ${valueText(overall.value)}`;
  const width = Math.max(0, ...criteria.map(({ name }) => textWidth(toSafeText(name))));
  const rows = criteria.map(({ name, value, explanation = '', source = '' }) =>
    cutText(
      `  ${padText(toSafeText(name), width)}  ${padText(valueText(value), 5)}  ${toSafeText(explanation)} (${toSafeText(source)})`,
      columns,
    ),
  );
  const rest =
    unjudged.length === 0
      ? []
      : [palette.dim(cutText(`  not judged: ${toSafeText(unjudged.join(', '))}`, columns))];
  return [palette.bold(toSafeText(head)), ...rows, ...rest];
}

function givenText({ given = {} }: Judgement): string {
  const { isSuccessful, isSuccessfulReason, eval: evaluation, evalReason } = given;
  const parts = [
    isSuccessful === undefined ? undefined : isSuccessful ? 'successful' : 'not successful',
    isSuccessfulReason,
    evaluation === undefined ? undefined : `eval ${evaluation}`,
    evalReason,
  ];
  return toSafeText(parts.filter((part) => part !== undefined).join(', '));
}

function valueText(value: Score['value']): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}
