/**
 * What is run: each row is one way in which an app and spoor come together. Lists of spans are written `name < parent`, ours
 * with a star.
 *
 * @typedef {object} Row
 * @property {string} app folder in `apps`
 * @property {string} title
 * @property {number} [since] the oldest Node that the app's packages take
 * @property {string[]} bare the program without spoor
 * @property {object} [without] variables of the run without spoor, for a program that has it built in
 * @property {string[]} [args] the program with spoor; as the bare one when only variables differ
 * @property {object} [env] of the run with spoor
 * @property {object} [always] variables of both runs
 * @property {string[]} [own] the app's own spans, when they are not those of the bare run
 * @property {string[]} pipeline what the app's own pipeline gets
 * @property {string[]} target what spoor's own target gets
 * @property {boolean} [sample] part of the short run
 */

const PRELOAD = ['--import', 'spoor/register'];
const OTEL_APP = ['chat gpt-test* < job', 'job', 'query < job', 'render < job', 'session joined*'];
const OTEL_TARGET = ['chat gpt-test* < job', 'job', 'session joined*'];
const ALONE = ['chat gpt-test* < session joined*', 'session joined*'];
/** Without a pipeline of its own, an app says nothing of one. */
const NO_PIPELINE = { OTEL_EXPORTER_OTLP_ENDPOINT: '' };

const otel = (app, more) => ({ app, pipeline: OTEL_APP, target: OTEL_TARGET, ...more });
const otelRows = (app, more) =>
  [
    {
      title: 'SDK first, by code',
      bare: ['--import', './telemetry.mjs', 'agent.mjs'],
      args: ['sdk-first.mjs'],
      sample: true,
    },
    {
      title: 'spoor first, by code',
      bare: ['--import', './telemetry.mjs', 'agent.mjs'],
      args: ['spoor-first.mjs'],
      sample: true,
    },
    {
      title: '--import, SDK first',
      bare: ['--import', './telemetry.mjs', 'agent.mjs'],
      args: ['--import', './telemetry.mjs', ...PRELOAD, 'agent.mjs'],
    },
    {
      title: '--import, spoor first',
      bare: ['--import', './telemetry.mjs', 'agent.mjs'],
      args: [...PRELOAD, '--import', './telemetry.mjs', 'agent.mjs'],
      sample: true,
    },
    {
      title: 'NODE_OPTIONS has spoor',
      bare: ['--import', './telemetry.mjs', 'agent.mjs'],
      env: { NODE_OPTIONS: PRELOAD.join(' ') },
    },
    {
      title: 'NODE_OPTIONS has both',
      bare: ['--import', './telemetry.mjs', 'agent.mjs'],
      args: ['agent.mjs'],
      env: { NODE_OPTIONS: ['--import', './telemetry.mjs', ...PRELOAD].join(' ') },
    },
    {
      title: 'CommonJS app, --require and --import',
      bare: ['--require', './telemetry.cjs', 'agent.cjs'],
      args: ['--require', './telemetry.cjs', ...PRELOAD, 'agent.cjs'],
    },
  ].map((row) => otel(app, { ...row, ...more }));

const AUTO = {
  bare: ['--import', '@opentelemetry/auto-instrumentations-node/register', 'agent.mjs'],
  args: ['--import', '@opentelemetry/auto-instrumentations-node/register', ...PRELOAD, 'agent.mjs'],
  always: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_NODE_RESOURCE_DETECTORS: 'none' },
};

const runtimeRow = (app, more) => ({
  app,
  runtime: app,
  always: NO_PIPELINE,
  pipeline: [],
  target: ALONE,
  ...more,
});
const DENO = ['run', '-A', '--no-lock', '--node-modules-dir=manual'];
/** Nothing is traced, and the program runs as it would without. */
const NOTHING = { target: [], sessions: 0 };

/** @type {readonly Row[]} */
export const ROWS = [
  {
    app: 'no-otel',
    title: '--import',
    bare: ['agent.mjs'],
    args: [...PRELOAD, 'agent.mjs'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
    sample: true,
  },
  {
    app: 'no-otel',
    title: 'NODE_OPTIONS, CommonJS, process.exit()',
    bare: ['agent.cjs'],
    env: { NODE_OPTIONS: PRELOAD.join(' ') },
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'no-otel',
    title: 'init() in code',
    bare: ['agent.mjs'],
    args: ['start.mjs'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  ...otelRows('otel2', {}),
  otel('otel2', {
    title: 'NodeTracerProvider, --import',
    bare: ['--import', './provider.mjs', 'agent.mjs'],
    args: ['--import', './provider.mjs', ...PRELOAD, 'agent.mjs'],
  }),
  otel('otel2', {
    title: 'SpoorSpanProcessor in the list of the SDK',
    bare: ['--import', './telemetry.mjs', 'agent.mjs'],
    args: ['--import', './listed.mjs', ...PRELOAD, 'agent.mjs'],
    sample: true,
  }),
  otel('otel2', {
    title: 'forward: all',
    bare: ['--import', './telemetry.mjs', 'agent.mjs'],
    args: ['--import', './telemetry.mjs', ...PRELOAD, 'agent.mjs'],
    env: { SPOOR_FORWARD: 'all' },
    target: [...OTEL_TARGET, 'render < job'],
  }),
  otel('otel2', {
    title: 'the provider is registered after the first calls',
    bare: ['provider-late.mjs'],
    args: [...PRELOAD, 'provider-late.mjs'],
    // Until then spoor's provider is the only one, and the OTLP variables name the receiver.
    pipeline: [...ALONE, 'chat gpt-test* < job', 'job', 'query < job', 'render < job'],
    target: ['chat gpt-test* < job', 'job'],
  }),
  ...otelRows('otel3', { since: 22 }).filter(({ args = [] }) => !args.includes('agent.cjs')),
  {
    ...AUTO,
    app: 'auto2',
    title: 'auto-instrumentations-node/register, both trace openai',
    // Its own instrumentation registers no hooks for ESM; with ours there it sees the import.
    own: ['POST < chat gpt-test', 'chat gpt-test < job', 'job', 'query < job', 'render < job'],
    pipeline: [
      'POST < chat gpt-test*',
      'chat gpt-test < job',
      'chat gpt-test* < chat gpt-test',
      'job',
      'query < job',
      'render < job',
      'session joined*',
    ],
    target: ['chat gpt-test < job', 'chat gpt-test* < chat gpt-test', 'job', 'session joined*'],
  },
  {
    ...AUTO,
    app: 'auto2',
    title: 'auto-instrumentations-node/register, its openai off',
    always: { ...AUTO.always, OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'openai' },
    pipeline: ['POST < chat gpt-test*', ...OTEL_APP],
    target: OTEL_TARGET,
  },
  {
    ...AUTO,
    app: 'auto3',
    since: 22,
    title: 'auto-instrumentations-node/register',
    pipeline: ['POST < chat gpt-test*', ...OTEL_APP],
    target: OTEL_TARGET,
  },
  {
    app: 'express',
    title: 'Express and HTTP spans, a remote parent, a session in baggage',
    bare: ['--import', './telemetry.mjs', 'server.mjs'],
    args: ['--import', './telemetry.mjs', ...PRELOAD, 'server.mjs'],
    env: { SPOOR_BAGGAGE: 'true', SPOOR_SESSION: '' },
    sessionId: 'from-afar',
    traces: 1,
    pipeline: [
      'GET /ask < ?',
      'chat gpt-test* < request handler',
      'query < request handler',
      'request handler < GET /ask',
    ],
    target: ['GET /ask < ?', 'chat gpt-test* < request handler', 'request handler < GET /ask'],
    sample: true,
  },
  {
    app: 'sentry',
    title: '@sentry/node, mode own',
    bare: ['--import', './instrument.mjs', 'agent.mjs'],
    args: ['--import', './instrument.mjs', ...PRELOAD, 'agent.mjs'],
    always: NO_PIPELINE,
    env: { SPOOR_MODE: 'own' },
    sample: true,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'typescript',
    title: 'tsx',
    bare: ['--import', 'tsx', 'agent.mts'],
    args: ['--import', 'tsx', ...PRELOAD, 'agent.mts'],
    sample: true,
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'typescript',
    title: 'tsx, CommonJS',
    bare: ['--import', 'tsx', 'agent.ts'],
    args: [...PRELOAD, '--import', 'tsx', 'agent.ts'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'typescript',
    title: 'ts-node, CommonJS, --require',
    bare: ['--require', 'ts-node/register/transpile-only', 'agent.ts'],
    // With --import, Node starts the program by its loader of ES modules, and ts-node has no part in that.
    args: ['--require', 'ts-node/register/transpile-only', '--require', 'spoor/register', 'agent.ts'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'typescript',
    title: 'ts-node/esm',
    bare: ['--loader', 'ts-node/esm/transpile-only', 'agent.mts'],
    args: ['--loader', 'ts-node/esm/transpile-only', ...PRELOAD, 'agent.mts'],
    always: { ...NO_PIPELINE, NODE_NO_WARNINGS: '1' },
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'bundled',
    title: 'esbuild, all in one file, wrap(client), SDK in the bundle',
    bare: ['out/plain-with-sdk.mjs'],
    args: ['out/with-sdk.mjs'],
    pipeline: ALONE,
    target: ALONE,
  },
  {
    app: 'bundled',
    title: 'esbuild, all in one file, wrap(client), no OTel',
    sample: true,
    bare: ['out/plain-main.mjs'],
    args: ['out/main.mjs'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'bundled',
    title: 'esbuild, all in one CommonJS file, wrap(client), no OTel',
    bare: ['out/plain-main.mjs'],
    args: ['out/main.cjs'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'bundled',
    title: 'esbuild, packages outside, wrap(client), no OTel',
    bare: ['out/plain-main.mjs'],
    args: ['out/outside.mjs'],
    always: NO_PIPELINE,
    pipeline: [],
    target: ALONE,
  },
  {
    app: 'next',
    title: 'Next.js standalone server, wrap(client), SIGTERM at the end',
    bare: ['ask.mjs'],
    always: NO_PIPELINE,
    without: { SPOOR_ENABLED: 'false' },
    pipeline: [],
    target: ALONE,
  },
  runtimeRow('bun', {
    title: 'init() and wrap(client)',
    bare: ['run', 'plain.mjs'],
    args: ['run', 'agent.mjs'],
    sample: true,
  }),
  runtimeRow('bun', {
    title: '--preload: Bun has no module hooks, nothing is traced',
    bare: ['run', 'plain.mjs'],
    args: ['run', '--preload', 'spoor/register', 'plain.mjs'],
    ...NOTHING,
  }),
  runtimeRow('deno', {
    title: 'init(), spoor/bundled and wrap(client)',
    bare: [...DENO, 'plain.mjs'],
    args: [...DENO, 'agent.mjs'],
  }),
  runtimeRow('deno', {
    title: '--import: the preload does nothing in Deno',
    bare: [...DENO, 'plain.mjs'],
    args: [...DENO, '--import', './node_modules/spoor/dist/src/register.js', 'plain.mjs'],
    ...NOTHING,
  }),
];
