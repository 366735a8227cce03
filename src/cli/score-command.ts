import type { Judgement } from '../../semconv/model/judgement.js';
import type { Rubric } from '../../semconv/model/rubric.js';
import type { Score } from '../../semconv/model/score.js';
import { createPricer } from '../analysis/cost/price-call.js';
import { priceRecords } from '../analysis/cost/price-records.js';
import { DEFAULT_RUBRIC } from '../analysis/scores/default-rubric.js';
import { judgeSession } from '../analysis/scores/judge-session.js';
import { readRubric } from '../analysis/scores/read-rubric.js';
import { SpoorClient } from '../client/spoor-client.js';
import type { SessionResponse } from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { MERGE_OPTIONS, chosenSessions } from './merged-sessions.js';
import { readJsonFile } from './read-json-file.js';
import { renderJudgements } from './render-judgements.js';
import { toSafeJson, toSafeText } from './safe-text.js';
import { SOURCE_OPTIONS, translatorUrl, withTrailSource, type TrailSource } from './trail-source.js';

const HISTORY = 200;

/** `spoor score`: how good a session was, by a rubric or by what its user says. */
export const scoreCommand: Command = {
  name: 'score',
  summary: 'Judge a session by a rubric, or say yourself how good it was.',
  positionals: ['[session|latest]'],
  options: {
    ...SOURCE_OPTIONS,
    ...MERGE_OPTIONS,
    rubric: {
      type: 'string',
      value: 'file',
      summary: 'JSON file of a rubric. Default: "default", unless the program judged the session itself.',
    },
    send: { type: 'boolean', summary: 'Keep the scores in the translator.' },
    name: {
      type: 'string',
      value: 'name',
      summary: 'With --value: a score of your own, kept in the translator.',
    },
    value: { type: 'string', value: 'value', summary: 'A number, true, false or a word.' },
    explanation: { type: 'string', value: 'text', summary: 'Why.' },
    json: { type: 'boolean', summary: 'Print JSON.' },
  },
  async run(input, terminal) {
    if (input.has('name') || input.has('value')) return scoreByHand(input, terminal);
    const rubric = chosenRubric(input.text('rubric'));
    const judged = await withTrailSource(input, terminal, async (source) => {
      const sessions = await chosenSessions(source, input);
      return judgeAll(source, sessions, rubric);
    });
    if (input.has('send')) await send(input, terminal, judged);
    terminal.out(input.has('json') ? `${toSafeJson(judged, 2)}\n` : renderJudgements(judged, terminal));
    return 0;
  },
};

function chosenRubric(path: string | undefined): Rubric | undefined {
  if (path === undefined) return undefined;
  return path === 'default' ? DEFAULT_RUBRIC : readJsonFile(path, readRubric);
}

async function judgeAll(
  source: TrailSource,
  sessions: readonly SessionResponse[],
  rubric: Rubric | undefined,
): Promise<Judgement[]> {
  const judged: Judgement[] = [];
  const pricer = createPricer();
  for (const records of sessions) {
    const agent = records.session.agentName ?? records.session.agentId;
    const { items } = await source.sessions({ limit: HISTORY, ...(agent === undefined ? {} : { agent }) });
    judged.push(
      await judgeSession(priceRecords(records, pricer), {
        others: items,
        ...(rubric === undefined ? {} : { rubric }),
      }),
    );
  }
  return judged;
}

async function scoreByHand(input: CommandInput, terminal: Terminal): Promise<number> {
  const [name, value, wanted] = [input.text('name'), input.text('value'), input.positionals[0]];
  if (name === undefined || value === undefined || wanted === undefined) {
    throw new SpoorError('SPOOR_USAGE', 'A score of your own needs a session, --name and --value.');
  }
  const [records] = await withTrailSource(input, terminal, (source) => chosenSessions(source, input));
  const id = records?.session.id ?? wanted;
  const explanation = input.text('explanation');
  const score: Score = {
    name,
    value: valueOf(value),
    source: 'human',
    target: { kind: 'session', id },
    ...(explanation === undefined ? {} : { explanation }),
  };
  await keep(input, terminal, [score]);
  terminal.out(
    input.has('json')
      ? `${toSafeJson(score, 2)}\n`
      : `${toSafeText(name)} is ${toSafeText(value)} for ${toSafeText(id)}.\n`,
  );
  return 0;
}

function valueOf(text: string): number | boolean | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

async function send(input: CommandInput, terminal: Terminal, judged: readonly Judgement[]): Promise<void> {
  const scores = judged.flatMap(({ overall, criteria }) => [
    ...(overall === undefined ? [] : [overall]),
    ...criteria.filter(({ source }) => source !== 'human'),
  ]);
  await keep(input, terminal, scores);
}

/** Scores are spans: only a translator that runs takes them. */
async function keep(input: CommandInput, terminal: Terminal, scores: readonly Score[]): Promise<void> {
  if (input.has('data')) {
    throw new SpoorError('SPOOR_USAGE', 'Scores are kept by a translator that runs: give --url, not --data.');
  }
  const client = new SpoorClient({ baseUrl: translatorUrl(input, terminal), retries: 0 });
  try {
    for (const score of scores) await client.scores.create(score);
  } finally {
    client.close();
  }
}
