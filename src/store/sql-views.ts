/** A column of a view: its expression, and what it holds. */
export type SqlColumn = readonly [expression: string, about: string];

/** A view over the tables of a store file, with names that a reader knows from the API. */
export interface SqlView {
  name: string;
  about: string;
  columns: Readonly<Record<string, SqlColumn>>;
  /** The CREATE VIEW statement's SELECT. */
  select: string;
}

const TOKENS = ['input', 'cache_read', 'cache_write', 'output', 'reasoning'] as const;
const BUCKETS = {
  input: 'input',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  output: 'output',
  reasoning: 'reasoning',
};

const said = (name: string): string => `json_extract(x.tally, '$.fields.${name}')`;
const tally = (name: string): string => `json_extract(x.tally, '$.${name}')`;
const mostSaid = (word: string): string =>
  `(SELECT key FROM json_each(x.tally, '$.words.${word}') ORDER BY value DESC, key LIMIT 1)`;
/** A fact of a span, as amendments left it. */
const fact = (name: string): string =>
  `COALESCE(json_extract(x.node, '$.amended.${name}'), json_extract(x.node, '$.${name}'))`;
const START = `MIN(COALESCE(${tally('own.startMs')}, 9e15), COALESCE(${tally('within.startMs')}, 9e15))`;

const TALLY_COLUMNS: Readonly<Record<string, SqlColumn>> = {
  observation_count: [tally('observations'), 'How many observations.'],
  error_count: [tally('errors'), 'How many of them failed.'],
  ...Object.fromEntries(
    TOKENS.map((bucket, i): [string, SqlColumn] => [
      `${bucket}_tokens`,
      [tally(`usage[${i}]`), `Tokens, ${bucket.replace('_', ' ')}; the buckets do not overlap.`],
    ]),
  ),
  total_tokens: [TOKENS.map((_, i) => tally(`usage[${i}]`)).join(' + '), 'Tokens of all buckets.'],
  cost: [
    `CASE WHEN ${tally('costs')} > 0 THEN ${tally('costNanos')} / 1e9 END`,
    'US dollars, when any is known.',
  ],
};

/** The views that SQL is meant for. Tables beneath may change with any version; these only grow. */
export const SQL_VIEWS: readonly SqlView[] = [
  view('sessions', 'One row a session.', 'main.sessions x', {
    id: ['x.id', 'Its id.'],
    name: [
      `COALESCE(${said('name')}, CASE WHEN ${tally('stated')} = 0 THEN (SELECT json_extract(t.trace, '$.name') FROM main.traces t WHERE t.trace_id = substr(x.id, 7)) END)`,
      'Its name; that of the trace, when the trace names no session.',
    ],
    task: [said('task'), 'What it was to do.'],
    agent_name: ['x.agent_name', 'Name of the agent.'],
    agent_id: ['x.agent_id', 'Id of the agent.'],
    user_id: ['x.user_id', 'Id of the user.'],
    environment: [`COALESCE(${said('environment')}, ${mostSaid('environment')})`, 'Deployment environment.'],
    service_name: [`COALESCE(${said('serviceName')}, ${mostSaid('service')})`, 'Name of the service.'],
    tags: ["COALESCE(x.tags, '[]')", 'JSON list of tags; `json_each(tags)` takes it apart.'],
    status: ['x.status', '`unset`, `ok` or `error`.'],
    is_successful: [said('isSuccessful'), '1 or 0, when it was said.'],
    start_ms: [START, 'Milliseconds since the epoch.'],
    end_ms: [
      `CASE WHEN ${tally('own.count')} > 0 THEN CASE WHEN ${tally('own.open')} = 0 THEN ${tally('own.endMs')} END WHEN ${tally('within.open')} = 0 AND ${tally('awaitsParents')} = 0 THEN ${tally('within.endMs')} END`,
      'Milliseconds since the epoch; NULL while it is open.',
    ],
    updated_ms: ['x.updated_ms', 'When the translator last learnt something about it.'],
    step_count: [tally('steps'), 'How many steps.'],
    generation_count: [tally('generations'), 'How many model calls.'],
    tool_count: [tally('tools'), 'How many tool calls.'],
    ...TALLY_COLUMNS,
    is_implicit: [`${tally('stated')} = 0`, '1 when it stands for a trace that names no session.'],
    is_pinned: ['EXISTS (SELECT 1 FROM main.pins p WHERE p.session_id = x.id)', '1 when it is kept.'],
  }),
  view('steps', 'One row a step.', 'main.steps x', {
    id: [
      "CASE WHEN x.step_id = '' THEN 'implicit:' || x.session_id ELSE x.step_id END",
      'Its id, within the session.',
    ],
    session_id: ['x.session_id', 'Its session.'],
    name: [said('name'), 'Its name.'],
    step_index: [said('index'), 'Its number, when one was given.'],
    goal: [said('goal'), 'What it was for.'],
    action: [said('action'), 'What it did.'],
    state: [said('state'), 'What the agent saw.'],
    state_key: [said('stateKey'), 'Short name of that state.'],
    eval_score: [said('evalScore'), 'Its score, as it was given.'],
    status: [said('status'), '`ok` or `error`, when it was said.'],
    start_ms: [START, 'Milliseconds since the epoch.'],
    end_ms: [
      `CASE WHEN ${tally('own.count')} > 0 AND ${tally('own.open')} = 0 THEN ${tally('own.endMs')} END`,
      'Milliseconds since the epoch; NULL while it is open.',
    ],
    ...TALLY_COLUMNS,
    is_implicit: ["x.step_id = ''", '1 for what a session did outside of any step.'],
  }),
  view(
    'observations',
    'One row a model call, tool call or other unit of work; what was said is not here, but found by `previews`.',
    "main.spans x WHERE json_extract(x.node, '$.concept') = 'observation'",
    {
      row_id: [
        'x.id',
        'To find by words: `row_id IN (SELECT rowid FROM previews WHERE previews MATCH \'"word"*\')`.',
      ],
      trace_id: ['x.trace_id', 'Its trace.'],
      id: ['x.span_id', 'Its span.'],
      parent_id: [fact('parentId'), 'The span above it.'],
      session_id: ['x.session_id', 'Its session.'],
      step_id: ['x.step_id', 'Its step; NULL outside of any.'],
      type: [fact('type'), '`GENERATION`, `TOOL`, `AGENT` and so on.'],
      name: [fact('name'), 'Its name.'],
      model: [
        "json_extract(x.node, '$.marks.model')",
        'The model that answered; else the one that was asked for.',
      ],
      service_name: ["json_extract(x.node, '$.marks.service')", 'Name of the service.'],
      status: [fact('status'), '`unset`, `ok` or `error`.'],
      start_ms: [fact('startMs'), 'Milliseconds since the epoch.'],
      end_ms: [fact('endMs'), 'Milliseconds since the epoch; NULL while it is open.'],
      duration_ms: [`${fact('endMs')} - ${fact('startMs')}`, 'Milliseconds.'],
      ...Object.fromEntries(
        TOKENS.map((bucket): [string, SqlColumn] => [
          `${bucket}_tokens`,
          [fact(`usage.${BUCKETS[bucket]}`), `Tokens, ${bucket.replace('_', ' ')}.`],
        ]),
      ),
      cost: [fact('cost'), 'US dollars, when it is known.'],
      dialect: ['x.dialect', 'The dialect that it was read from.'],
      received_ms: ['x.received_ms', 'When the translator received it.'],
    },
  ),
  view('scores', 'One row a judgement.', 'main.scores x JOIN main.spans s ON s.id = x.span', {
    name: ['x.name', 'What was judged.'],
    value: ["json_extract(x.score, '$.value')", 'Number, text, or 1 and 0 for true and false.'],
    label: ["json_extract(x.score, '$.label')", 'The value in a word.'],
    explanation: ["json_extract(x.score, '$.explanation')", 'Why.'],
    source: ['x.source', 'Who or what judged.'],
    target_kind: ['x.target_kind', '`session`, `step`, `trace` or `observation`.'],
    target_id: ['x.target_id', 'Its id.'],
    session_id: ['s.session_id', 'The session in which it was said.'],
    trace_id: ['s.trace_id', 'The span that says it.'],
    span_id: ['s.span_id', 'The span that says it.'],
    time_ms: ['x.time_ms', 'Milliseconds since the epoch.'],
  }),
  view('traces', 'One row a trace.', 'main.traces x', {
    trace_id: ['x.trace_id', 'Its id.'],
    session_id: ["json_extract(x.trace, '$.sessionId')", 'The session of its root.'],
    name: ["json_extract(x.trace, '$.name')", 'Name of its root.'],
    service_name: ["json_extract(x.trace, '$.serviceName')", 'Name of the service of its root.'],
    start_ms: ['x.start_ms', 'Milliseconds since the epoch.'],
    end_ms: ["json_extract(x.trace, '$.endMs')", 'Milliseconds since the epoch; NULL while a span is open.'],
    span_count: ["json_extract(x.trace, '$.spanCount')", 'How many spans.'],
    error_count: ["json_extract(x.trace, '$.errorCount')", 'How many of them failed.'],
  }),
  view('spans', 'One row a span as it was received.', 'main.spans x JOIN main.bodies b ON b.id = x.id', {
    trace_id: ['x.trace_id', 'Its trace.'],
    span_id: ['x.span_id', 'Its id.'],
    session_id: ['x.session_id', 'Its session.'],
    name: ["json_extract(b.body, '$.name')", 'Its name.'],
    kind: ["json_extract(b.body, '$.kind')", 'OTLP span kind.'],
    start_ms: ["json_extract(x.node, '$.startMs')", 'Milliseconds since the epoch.'],
    end_ms: ["json_extract(x.node, '$.endMs')", 'Milliseconds since the epoch; NULL while it is open.'],
    attributes: [
      "json_extract(b.body, '$.at.a')",
      'JSON; `attributes ->> \'$."gen_ai.request.model"\'` takes one. Values of 512 characters or more are null.',
    ],
    resource: [
      "(SELECT json_extract(c.body, '$.attributes') FROM main.content_bodies c WHERE c.id = json_extract(b.body, '$.resource'))",
      'JSON of the attributes of its resource.',
    ],
    received_ms: ['x.received_ms', 'When the translator received it.'],
  }),
  view('logs', 'One row a log record.', 'main.logs x', {
    id: ['x.key', 'Its id.'],
    time_ms: ['x.time_ms', 'Milliseconds since the epoch.'],
    trace_id: ['x.trace_id', 'Its trace.'],
    span_id: ['x.span_id', 'Its span.'],
    name: [
      "COALESCE(json_extract(x.body, '$.eventName'), json_extract(x.body, '$.at.a.\"event.name\"'))",
      'Name of the event.',
    ],
    severity: ["json_extract(x.body, '$.severityText')", 'Its severity, as text.'],
    body: ["json_extract(x.body, '$.body')", 'Text, or JSON; NULL when it is long.'],
    attributes: ["json_extract(x.body, '$.at.a')", 'JSON; long values are null.'],
  }),
];

function view(
  name: string,
  about: string,
  from: string,
  columns: Readonly<Record<string, SqlColumn>>,
): SqlView {
  const selected = Object.entries(columns).map(([column, [expression]]) => `${expression} AS ${column}`);
  return { name, about, columns, select: `SELECT ${selected.join(', ')} FROM ${from}` };
}
