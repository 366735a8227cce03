/**
 * Writes `semconv/{attributes,values,events,metrics}.ts` from the YAML registries of the OpenTelemetry GenAI conventions:
 *
 *   node scripts/generate-semconv.js <folder with `model/` and `core-deprecated/`> [--out <folder>] [--check]
 *
 * Names, types and stability come from the registries, the describing lines from `semconv-descriptions.js`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { ADDED_ATTRIBUTES, BOUNDARIES, DESCRIPTIONS } from './semconv-descriptions.js';

const MODEL_REGISTRIES = ['gen-ai', 'openai', 'mcp', 'aws-bedrock'];
/** Core registries, and the few of their names that we use. */
const CORE_REGISTRIES = {
  session: ['session.id', 'session.previous_id'],
  user: ['user.id'],
  error: ['error.type'],
};
const LINE_WIDTH = 110;

/** @param {string} folder @returns {Record<string, string>} file name → text */
export function generateSemconv(folder) {
  const attributes = readAttributes(folder);
  const metrics = readMetrics(folder);
  const events = readEntries(folder, ['gen-ai'], 'events');
  checkDescriptions([
    ...attributes.map((a) => a.key),
    ...metrics.map((m) => m.name),
    ...events.map((e) => e.name),
  ]);
  return {
    'attributes.ts': attributesFile(attributes),
    'values.ts': valuesFile(attributes),
    'events.ts': eventsFile(events),
    'metrics.ts': metricsFile(metrics),
  };
}

/** What the entry names, file by file: every constant, and the types alone of the models, which need zod to load. */
const INDEX_CONSTANTS = ['attributes', 'spoor-attributes', 'values', 'events', 'metrics', 'aliases'];
const INDEX_TYPES = ['json', 'message', 'tool', 'usage', 'score', 'observation', 'step', 'session'];

/**
 * @param {(file: string) => string} read text of a file of `semconv`
 * @returns {string} the text of `semconv/index.ts`
 */
export function generateSemconvIndex(read) {
  const constants = INDEX_CONSTANTS.map((name) => {
    const text = read(`${name}.ts`);
    return exportList('export', exportedNames(text, /^export (?:const|function) (\w+)/gm), `./${name}.js`);
  });
  const profile = exportList('export type', ['EmitProfile'], './aliases.js');
  const types = INDEX_TYPES.map((name) => {
    const names = exportedNames(read(`model/${name}.ts`), /^export (?:interface|type) (\w+)/gm);
    return exportList('export type', names, `./model/${name}.js`);
  });
  return `${HEADER.replace('from the OpenTelemetry conventions', 'from the files it names')}\n${[...constants, profile, ...types].join('')}`;
}

function exportedNames(text, pattern) {
  const names = new Set(Array.from(text.matchAll(pattern), (match) => match[1]));
  return [...names].toSorted((a, b) => (a < b ? -1 : 1));
}

function exportList(keyword, names, from) {
  if (names.length === 0) throw new Error(`${from} exports nothing that the entry could name.`);
  const line = `${keyword} { ${names.join(', ')} } from '${from}';`;
  if (line.length <= LINE_WIDTH) return `${line}\n`;
  return `// prettier-ignore\n${keyword} {\n${wrapped(names)}} from '${from}';\n`;
}

function wrapped(names) {
  const lines = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${name},`.length <= LINE_WIDTH)
      lines[lines.length - 1] = `${last} ${name},`;
    else lines.push(`  ${name},`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function readAttributes(folder) {
  const found = [];
  for (const name of MODEL_REGISTRIES) {
    const registry = readYaml(folder, 'model', name, 'registry.yaml');
    found.push(...registry.attributes.map((a) => ({ key: a.key, type: a.type, stability: a.stability })));
  }
  for (const [name, keys] of Object.entries(CORE_REGISTRIES)) {
    const registry = readYaml(folder, 'core-deprecated', name, 'registry.yaml');
    const all = registry.attributes ?? registry.groups.flatMap((group) => group.attributes ?? []);
    for (const key of keys) {
      const attribute = all.find((a) => (a.key ?? a.id) === key);
      if (attribute === undefined) throw new Error(`The core registry "${name}" has no "${key}".`);
      found.push({ key, type: attribute.type, stability: attribute.stability });
    }
  }
  for (const added of ADDED_ATTRIBUTES) {
    if (found.some((a) => a.key === added.key)) {
      throw new Error(`"${added.key}" is in the registries now: remove it from ADDED_ATTRIBUTES.`);
    }
    found.push(added);
  }
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function readEntries(folder, registries, kind) {
  return registries
    .flatMap((name) => readYaml(folder, 'model', name, `${kind}.yaml`)[kind])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every metric with the attributes that it has by default; those to be asked for are left out. */
function readMetrics(folder) {
  const files = [
    ['gen-ai', 'spans.yaml'],
    ['gen-ai', 'metrics.yaml'],
    ['mcp', 'common.yaml'],
    ['mcp', 'metrics.yaml'],
  ].map((parts) => readYaml(folder, 'model', ...parts));
  const groups = Object.fromEntries(
    files.flatMap(({ attribute_groups = [] }) =>
      attribute_groups.map((group) => [group.id, group.attributes]),
    ),
  );
  const refinements = files.flatMap(({ metric_refinements = [] }) => metric_refinements);
  const metrics = readEntries(folder, ['gen-ai', 'mcp'], 'metrics').map((metric) => {
    const own = refinements.filter(({ ref }) => ref === metric.name);
    const listed = [metric, ...own].flatMap(({ attributes }) => attributeKeys(attributes, groups));
    return { ...metric, attributes: [...new Set(listed)].toSorted((a, b) => (a < b ? -1 : 1)) };
  });
  const unknown = Object.keys(BOUNDARIES).filter((name) => !metrics.some((metric) => metric.name === name));
  if (unknown.length > 0) throw new Error(`BOUNDARIES has no metric for ${unknown.join(', ')}.`);
  return metrics;
}

function attributeKeys(attributes, groups) {
  return attributes.flatMap(({ ref, ref_group: group, requirement_level: level }) => {
    if (group === undefined) return level === 'opt_in' ? [] : [ref];
    if (groups[group] === undefined) throw new Error(`There is no attribute group "${group}".`);
    return attributeKeys(groups[group], groups);
  });
}

function readYaml(folder, ...parts) {
  return parse(readFileSync(path.join(folder, ...parts), 'utf8'));
}

function checkDescriptions(names) {
  const missing = names.filter((name) => !Object.hasOwn(DESCRIPTIONS, name));
  const unused = Object.keys(DESCRIPTIONS).filter((name) => !names.includes(name));
  if (missing.length + unused.length > 0) {
    throw new Error(
      `semconv-descriptions.js does not fit the registries. Without a line: ${missing.join(', ') || 'none'}. ` +
        `Without a name: ${unused.join(', ') || 'none'}.`,
    );
  }
}

const HEADER =
  '// Generated by scripts/generate-semconv.js from the OpenTelemetry conventions. Do not edit.\n';

function attributesFile(attributes) {
  const lines = attributes.map((a) =>
    constant(
      `ATTR_${upperSnake(a.key)}`,
      a.key,
      `${DESCRIPTIONS[a.key]}. ${typeName(a.type)}, ${a.stability}.`,
    ),
  );
  return `${HEADER}\n${lines.join('\n')}`;
}

function valuesFile(attributes) {
  const blocks = attributes
    .filter((a) => a.type?.members)
    .map((a) => {
      const prefix = `${upperSnake(a.key)}_VALUE_`;
      const lines = a.type.members.map((m) => constant(prefix + upperSnake(m.id), m.value));
      return `// ${a.key}\n${lines.join('')}`;
    });
  return `${HEADER}\n${blocks.join('\n')}`;
}

function eventsFile(events) {
  const lines = events.map((e) =>
    constant(`EVENT_${upperSnake(e.name)}`, e.name, `${DESCRIPTIONS[e.name]}. Event, ${e.stability}.`),
  );
  return `${HEADER}\n${lines.join('\n')}`;
}

function metricsFile(metrics) {
  const lines = metrics.map((m) =>
    constant(
      `METRIC_${upperSnake(m.name)}`,
      m.name,
      `${DESCRIPTIONS[m.name]}. ${m.instrument} in ${m.unit}, ${m.stability}.`,
    ),
  );
  const rows = metrics.map((m) =>
    [
      `  '${m.name}': {`,
      `    instrument: '${m.instrument}',`,
      `    unit: '${m.unit}',`,
      `    description: '${DESCRIPTIONS[m.name]}.',`,
      ...listLines('boundaries', BOUNDARIES[m.name]),
      ...listLines(
        'attributes',
        m.attributes.map((key) => `'${key}'`),
      ),
      '  },\n',
    ].join('\n'),
  );
  return (
    `${HEADER}\n${lines.join('\n')}\n` +
    '/** Instrument, unit, advised bucket boundaries and attributes of each metric, by its name. */\n' +
    `export const METRICS = {\n${rows.join('')}} as const;\n`
  );
}

function listLines(field, values) {
  if (values === undefined) return [];
  const line = `    ${field}: [${values.join(', ')}],`;
  if (line.length <= LINE_WIDTH) return [line];
  // A formatter fills the lines of numbers, and gives every other value a line of its own.
  if (typeof values[0] === 'number') return [`    ${field}: [`, `      ${values.join(', ')},`, '    ],'];
  return [`    ${field}: [`, ...values.map((value) => `      ${value},`), '    ],'];
}

function typeName(type) {
  return typeof type === 'string' ? type : 'string';
}

function constant(name, value, comment) {
  const doc = comment === undefined ? '' : `/** ${comment} */\n`;
  const line = `export const ${name} = '${value}' as const;`;
  return `${doc}${line.length <= LINE_WIDTH ? line : line.replace(' = ', ' =\n  ')}\n`;
}

function upperSnake(key) {
  return key.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}

function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false }, out: { type: 'string' } },
  });
  const folder = positionals[0];
  if (folder === undefined) {
    console.error(
      'usage: node scripts/generate-semconv.js <folder of the conventions> [--out <folder>] [--check]',
    );
    return 2;
  }
  const home = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'semconv');
  const out = values.out ?? home;
  const check = values.check;
  const files = generateSemconv(folder);
  const kept = (name) => readFileSync(path.join(home, name), 'utf8');
  files['index.ts'] = generateSemconvIndex((name) => files[name] ?? kept(name));
  mkdirSync(out, { recursive: true });
  let stale = 0;
  let count = 0;
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(out, name);
    count += text.split('export const ').length - 1;
    if (check) stale += readFileSync(file, 'utf8') === text ? 0 : 1;
    else writeFileSync(file, text);
  }
  const did = check ? `checked ${count} names, ${stale} files are stale` : `wrote ${count} names`;
  console.log(`${did} (${Object.keys(files).length} files)`);
  return stale > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
