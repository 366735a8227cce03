import { describe, expect, it } from 'vitest';
import { createDatabase, expiryStatements, schemaStatements } from '../../src/store/clickhouse/schema.js';

const one = (statements: readonly string[], name: string): string =>
  statements.find((statement) => statement.includes(`.${name} `) || statement.includes(`.${name}\n`)) ?? '';

describe('the schema of ClickHouse', () => {
  it('on one server has replacing tables by identity, in daily partitions', () => {
    const statements = schemaStatements({ database: 'spoor' }, 0);
    const spans = one(statements, 'spans');
    expect(spans).toContain(
      'ENGINE = ReplacingMergeTree(version, removed)\nPARTITION BY day\nORDER BY (trace_id, span_id)',
    );
    expect(spans).toContain('non_replicated_deduplication_window = 1000');
    expect(statements.join('\n')).not.toMatch(/ON CLUSTER|Replicated|Distributed|TTL/);
    expect(createDatabase({ database: 'spoor' })).toBe('CREATE DATABASE IF NOT EXISTS `spoor`');
  });

  it('on a cluster is replicated, sharded by identity, and expires', () => {
    const options = { database: 'a`b', cluster: 'main', isReplicated: true, isSharded: true, ttlDays: 30 };
    const statements = schemaStatements(options, 0);
    const spans = one(statements, 'spans_local ON CLUSTER `main`');
    expect(spans).toContain(
      "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/a`b/spans_local', '{replica}', version, removed)",
    );
    expect(spans).toContain('TTL day + toIntervalDay(30)');
    expect(one(statements, 'spans ON CLUSTER `main`')).toBe(
      "CREATE TABLE IF NOT EXISTS `a\\`b`.spans ON CLUSTER `main` AS `a\\`b`.spans_local\nENGINE = Distributed('main', 'a`b', 'spans_local', cityHash64(trace_id))",
    );
    expect(createDatabase(options)).toBe('CREATE DATABASE IF NOT EXISTS `a\\`b` ON CLUSTER `main`');
    // What says which sessions are pinned, and of which version the tables are, never expires.
    expect(one(statements, 'pins_local')).not.toContain('TTL');
    expect(expiryStatements(options).map(({ table }) => table)).not.toContain('meta_local');
  });

  it('can be run again by anybody at any time', () => {
    for (const statement of schemaStatements({ database: 'x', cluster: 'c', isSharded: true }, 0))
      expect(statement).toMatch(/^CREATE TABLE IF NOT EXISTS /);
  });
});
