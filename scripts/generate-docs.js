/**
 * Writes the tables of `docs/reference` from the tables of the source, which must be built:
 *
 *   node scripts/generate-docs.js [--check]
 *
 * `--check` writes nothing, and fails when a page is not what it would write.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = 'docs/reference';

/** @returns {Promise<{ file: string, rows: number, text: string }[]>} every page; `file` is relative to the repository */
export async function referencePages() {
  const pages = [
    attributesPage(),
    await metricsPage(),
    await errorsPage(),
    await environmentPage(),
    await commandsPage(),
    await presetsPage(),
    await sqlViewsPage(),
    await openApiFile(),
  ];
  for (const { file, rows } of pages) if (rows === 0) throw new Error(`${file} would have no rows.`);
  return pages;
}

/** Attributes are read from the source, because their type and stability are in its comments. */
function attributesPage() {
  const own = constantsOf('spoor-attributes.ts').filter(({ name }) => name.startsWith('ATTR_'));
  const standard = constantsOf('attributes.ts');
  const events = constantsOf('events.ts');
  const metrics = constantsOf('metrics.ts');
  return page('attributes.md', 'Attributes', [
    'Names are exported by `spoor/semconv`. Keys marked _content_ are written only when content is captured.',
    section('spoor', 'Used where the OpenTelemetry conventions have no name.', attributeTable(own)),
    section(
      'OpenTelemetry',
      'Names of the conventions that spoor writes or reads.',
      attributeTable(standard),
    ),
    section('Events', undefined, nameTable(events)),
    section('Metrics', undefined, nameTable(metrics)),
  ]);
}

function constantsOf(file) {
  const text = readFileSync(path.join(ROOT, 'semconv', file), 'utf8');
  return [...text.matchAll(/^\/\*\* (.+) \*\/\nexport const (\w+) =\s+'([^']+)' as const;/gm)].map(
    ([, comment, name, value]) => ({ name, value, ...splitComment(comment) }),
  );
}

/** `What it is. type, stability.` or, of our own, `What it is. type; content.` */
function splitComment(comment) {
  const at = comment.lastIndexOf('. ', comment.length - 2);
  const kind = comment.slice(at + 2).replace(/\.$/, '');
  return { description: `${comment.slice(0, at)}.`, kind };
}

function attributeTable(constants) {
  return table(
    ['Key', 'Type', 'Meaning'],
    constants.map(({ value, kind, description }) => [code(value), kind, description]),
  );
}

function nameTable(constants) {
  return table(
    ['Name', 'Kind', 'Meaning'],
    constants.map(({ value, kind, description }) => [code(value), kind, description]),
  );
}

/** The metrics that are recorded: those of a model's server are names alone. */
async function metricsPage() {
  const { METRICS } = await import('../dist/semconv/metrics.js');
  const rows = Object.entries(METRICS).flatMap(([name, { unit, description, boundaries, attributes }]) =>
    boundaries === undefined
      ? []
      : [[code(name), code(unit), description, attributes.map(code).join(', '), boundaries.join(', ')]],
  );
  return page('metrics.md', 'Metrics', [
    'Histograms that are recorded when the app has a meter provider: see [what counts](../metrics.md).',
    table(['Name', 'Unit', 'Meaning', 'Attributes', 'Bucket boundaries'], rows),
  ]);
}

async function errorsPage() {
  const { ERRORS } = await import('../dist/src/shared/error-codes.js');
  const rows = Object.entries(ERRORS).map(([name, { summary, remedy }]) => [code(name), summary, remedy]);
  return page('errors.md', 'Errors', [
    'Errors of wrong set-up or wrong use carry one of these codes as `code`. Telemetry itself never throws into a program.',
    table(['Code', 'What happened', 'What to do'], rows),
  ]);
}

async function environmentPage() {
  const { ENVIRONMENT } = await import('../dist/src/config/environment.js');
  const rows = ENVIRONMENT.map(({ names, option, description }) => [
    names.map((name) => code(name)).join(', '),
    option === undefined ? 'the command line' : code(option),
    description,
  ]);
  return page('environment.md', 'Environment variables', [
    'Options in code beat the environment, the environment beats the defaults. Of several names, the first that is set wins.',
    table(['Variable', 'Option', 'Meaning'], rows),
  ]);
}

async function commandsPage() {
  const { COMMANDS } = await import('../dist/src/cli/commands.js');
  const sections = COMMANDS.map(({ name, positionals, options, summary }) =>
    section(
      ['spoor', name, ...positionals].join(' '),
      summary,
      table(
        ['Option', 'Meaning'],
        Object.entries(options).map(([option, { type, value, summary: meaning }]) => [
          code(type === 'string' ? `--${option} <${value ?? 'value'}>` : `--${option}`),
          meaning,
        ]),
      ),
    ),
  );
  return page('commands.md', 'Commands', sections);
}

async function presetsPage() {
  const { PRESETS } = await import('../dist/src/config/presets.js');
  const rows = Object.entries(PRESETS).map(([name, preset]) => {
    const asked = new Set();
    const noting = new Proxy(
      {},
      {
        get: (_, variable) => {
          asked.add(variable);
          return undefined;
        },
      },
    );
    const address = preset.endpoint(noting);
    const headers = Object.keys(preset.headers(noting));
    const others = [...asked].filter((variable) => !preset.needs.includes(variable));
    return [
      code(name),
      address === undefined ? 'from its variable' : code(address),
      preset.needs.map(code).join(', '),
      others.map(code).join(', '),
      headers.map(code).join(', '),
      code(preset.protocol ?? 'http/json'),
      preset.source,
    ];
  });
  return page('presets.md', 'Presets', [
    'Back ends by name: `SPOOR_PRESET=jaeger`, several with commas, or `init({ preset })`. See [back ends](../backends.md).',
    table(['Name', 'Address', 'Must be set', 'Read too', 'Headers', 'Protocol', 'Documented at'], rows),
  ]);
}

async function sqlViewsPage() {
  const { SQL_VIEWS } = await import('../dist/src/store/sql-views.js');
  const sections = SQL_VIEWS.map(({ name, about, columns }) =>
    section(
      code(name),
      about,
      table(
        ['Column', 'Meaning'],
        Object.entries(columns).map(([column, [, meaning]]) => [code(column), meaning]),
      ),
    ),
  );
  return page('sql-views.md', 'SQL views', [
    'The views that `spoor sql` and `POST /api/sql` read: see [SQL](../sql.md).',
    ...sections,
  ]);
}

/** What `/api/openapi.json` serves. */
async function openApiFile() {
  const { openApiDocument } = await import('../dist/src/server/openapi.js');
  const { VERSION } = await import('../dist/src/shared/version.js');
  const document = openApiDocument(VERSION);
  return {
    file: `${FOLDER}/openapi.json`,
    rows: Object.keys(document.paths).length,
    text: `${JSON.stringify(document, undefined, 2)}\n`,
  };
}

function page(name, title, parts) {
  const rows = parts.reduce((sum, part) => sum + (part.rows ?? 0), 0);
  const texts = parts.map((part) => part.text ?? part);
  const notice = '<!-- Generated by scripts/generate-docs.js. Do not edit. -->';
  return {
    file: `${FOLDER}/${name}`,
    rows,
    text: `# ${title}\n\n${notice}\n\n${texts.join('\n\n')}\n`,
  };
}

function section(title, lead, { rows, text }) {
  return { rows, text: [`## ${title}`, lead, text].filter((part) => part !== undefined).join('\n\n') };
}

/** Columns are padded as the formatter pads them. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map(
    (row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`,
  );
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return { rows: rows.length, text: lines.join('\n') };
}

function code(text) {
  return `\`${text}\``;
}

function cell(text) {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

async function main(args) {
  const check = args.includes('--check');
  const pages = await referencePages();
  mkdirSync(path.join(ROOT, FOLDER), { recursive: true });
  const stale = [];
  for (const { file, text } of pages) {
    const full = path.join(ROOT, file);
    if (!check) writeFileSync(full, text);
    else if (!existsSync(full) || readFileSync(full, 'utf8') !== text) stale.push(file);
  }
  const rows = pages.reduce((sum, { rows: count }) => sum + count, 0);
  console.log(`${check ? 'checked' : 'wrote'} ${rows} rows on ${pages.length} pages`);
  for (const file of stale) console.error(`${file} is out of date: run node scripts/generate-docs.js`);
  return stale.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
