import { describe, expect, it } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse/clickhouse-store.js';
import {
  parseClickHouseAddress,
  showAddress,
  withDatabase,
} from '../../src/store/clickhouse/parse-address.js';

describe('the address of a ClickHouse store', () => {
  it('has defaults for all but the host', () => {
    expect(parseClickHouseAddress('clickhouse://db')).toEqual({
      url: 'http://db:8123',
      username: 'default',
      password: '',
      database: 'spoor',
    });
  });

  it('may name user, password, port and database, percent-encoded', () => {
    const text = 'clickhouses://us%40er:p%2Fw@db.example:9440/team%20a';
    expect(parseClickHouseAddress(text)).toEqual({
      url: 'https://db.example:9440',
      username: 'us@er',
      password: 'p/w',
      database: 'team a',
    });
    expect(showAddress(parseClickHouseAddress(text))).toBe('clickhouses://db.example:9440/team%20a');
    expect(parseClickHouseAddress(withDatabase(text, 'team a_x'))).toMatchObject({
      username: 'us@er',
      password: 'p/w',
      database: 'team a_x',
    });
  });

  it.each([
    'http://db:8123',
    'clickhouse:db',
    'clickhouse://',
    'clickhouse://db/a/b',
    'clickhouse://user:secret@db/a?x=1',
    'clickhouse://%zz:secret@db',
    '',
  ])('is refused when it is %j, without a word of the password', (text) => {
    expect(() => parseClickHouseAddress(text)).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OPTION_INVALID',
        message: expect.not.stringContaining('secret') as string,
      }) as Error,
    );
  });

  it('is of no use without the client, which the error tells how to install', async () => {
    await expect(openClickHouseStore({ url: 'clickhouse://127.0.0.1' })).rejects.toMatchObject({
      code: 'SPOOR_CLICKHOUSE_MISSING',
      message: expect.stringContaining('npm i @clickhouse/client@1') as string,
    });
  });
});
