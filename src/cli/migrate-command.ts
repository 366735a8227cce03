import { SpoorError } from '../shared/errors.js';
import type { Engine } from '../store/clickhouse/engine.js';
import type { SchemaOptions } from '../store/clickhouse/schema.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { createProgress, type Progress } from './progress.js';

/** The day of pinned rows, and so many days more, must be a day that ClickHouse can say. */
const MOST_DAYS = 10_000;

/** `spoor migrate`: makes the tables of a store in ClickHouse, or brings them to the version of this spoor. */
export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Make or update the tables of a store in ClickHouse.',
  positionals: [],
  options: {
    store: {
      type: 'string',
      value: 'url',
      summary: 'clickhouse://user:password@host:8123/database. Default: SPOOR_STORE.',
    },
    cluster: {
      type: 'string',
      value: 'name',
      summary: 'Run every statement on all servers of this cluster, as system.clusters names it.',
    },
    replicas: { type: 'boolean', summary: 'Keep each table on all replicas of its shard. Needs --cluster.' },
    shards: { type: 'boolean', summary: 'Spread the tables over the shards. Needs --cluster.' },
    ttl: {
      type: 'string',
      value: 'days',
      summary: 'Records expire so many days after they arrived, but for those of pinned sessions.',
    },
    reindex: { type: 'boolean', summary: 'Work out all sessions anew from the spans as received.' },
    print: { type: 'boolean', summary: 'Print the statements that make the tables, and run none.' },
    json: { type: 'boolean', summary: 'Print the result as one line of JSON.' },
  },
  async run(input, terminal) {
    const url = input.text('store') ?? terminal.env['SPOOR_STORE'] ?? '';
    if (url === '') throw new SpoorError('SPOOR_USAGE', 'Say where the store is: `--store clickhouse://…`.');
    const { parseClickHouseAddress } = await import('../store/clickhouse/parse-address.js');
    const options = schemaOptions(input, parseClickHouseAddress(url).database);
    if (input.has('print')) return print(options, terminal);
    const { openEngine } = await import('../store/clickhouse/clickhouse-store.js');
    const engine = openEngine({ url });
    try {
      return await migrate(engine, url, options, input, terminal);
    } finally {
      await engine.close();
    }
  },
};

function schemaOptions(input: CommandInput, database: string): SchemaOptions {
  const cluster = input.text('cluster');
  const ttlDays = input.number('ttl', 1, MOST_DAYS);
  const isReplicated = input.has('replicas');
  const isSharded = input.has('shards');
  if (cluster === undefined && (isReplicated || isSharded)) {
    throw new SpoorError(
      'SPOOR_USAGE',
      '--replicas and --shards need the name of a cluster: `--cluster name`.',
    );
  }
  return {
    database,
    isReplicated,
    isSharded,
    ...(cluster === undefined ? {} : { cluster }),
    ...(ttlDays === undefined ? {} : { ttlDays }),
  };
}

async function print(options: SchemaOptions, terminal: Terminal): Promise<number> {
  const { createDatabase, schemaStatements } = await import('../store/clickhouse/schema.js');
  for (const statement of [createDatabase(options), ...schemaStatements(options, 0)])
    terminal.out(`${statement};\n\n`);
  return 0;
}

async function migrate(
  engine: Engine,
  url: string,
  options: SchemaOptions,
  input: CommandInput,
  terminal: Terminal,
): Promise<number> {
  const { isProjectionOutdated, migrateClickHouse, noteProjection } =
    await import('../store/clickhouse/migrate.js');
  const { from, to } = await migrateClickHouse(engine, options);
  let reindexed: number | undefined;
  if (input.has('reindex') || (await isProjectionOutdated(engine))) {
    reindexed = await reindex(url, createProgress(terminal, { quiet: input.has('json') }));
    await noteProjection(engine);
  }
  const result = { database: engine.database, from, to, ...(reindexed === undefined ? {} : { reindexed }) };
  terminal.out(input.has('json') ? `${JSON.stringify(result)}\n` : `${said(result)}\n`);
  return 0;
}

async function reindex(url: string, progress: Progress): Promise<number> {
  const { openClickHouseStore } = await import('../store/clickhouse/clickhouse-store.js');
  const store = await openClickHouseStore({ url });
  try {
    return await store.reindex((spans) => progress.show(() => `${spans} spans read`));
  } finally {
    progress.end();
    await store.close();
  }
}

function said({
  database,
  from,
  to,
  reindexed,
}: {
  database: string;
  from: number;
  to: number;
  reindexed?: number;
}): string {
  const version =
    from === to
      ? `The database ${database} is of version ${to} already.`
      : `The database ${database} is of version ${to} now${from === 0 ? '' : `; it was of version ${from}`}.`;
  return reindexed === undefined ? version : `${version} ${reindexed} spans were read again.`;
}
