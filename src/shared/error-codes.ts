/**
 * Every error that spoor raises, by code. A code is never reused. `docs/reference/errors.md` is generated from this table.
 * A message says what was given, what was expected and what to do.
 */
export const ERRORS = {
  SPOOR_OPTION_UNKNOWN: {
    summary: 'An options object has a key that does not exist.',
    remedy: 'Use the key that the message names, or remove it.',
  },
  SPOOR_OPTION_INVALID: {
    summary: 'An option or an environment variable has a value that cannot be used.',
    remedy: 'Give a value of the kind that the message names.',
  },
  SPOOR_OBSERVATION_TYPE_UNKNOWN: {
    summary: 'An observation was given a type that does not exist.',
    remedy: 'Use one of the types that the message lists; case does not matter.',
  },
  SPOOR_WRAP_REFUSED: {
    summary: 'A wrapper or decorator was given something that holds no function, such as a class.',
    remedy: 'Wrap a function, or decorate a method, getter, setter, field or accessor that holds one.',
  },
  SPOOR_STEP_OPEN: {
    summary: 'A step was created while another one was open, and `strictSteps` is on.',
    remedy: 'End the open step first, or switch `strictSteps` off to have it ended for you.',
  },
  SPOOR_SQLITE_MISSING: {
    summary: 'No SQLite engine was found.',
    remedy: 'Run the translator on Node 22.13 or newer, or install `better-sqlite3` beside spoor.',
  },
  SPOOR_MCP_MISSING: {
    summary: '`spoor mcp` found no Model Context Protocol library.',
    remedy: 'Install `@modelcontextprotocol/server` version 2 beside spoor.',
  },
  SPOOR_STORE_NEWER: {
    summary: 'The store file was written by a newer version of spoor.',
    remedy: 'Update spoor, or point `--data` at another folder.',
  },
  SPOOR_STORE_OUTDATED: {
    summary: 'The database of the store has no tables of spoor, or those of an older version.',
    remedy: 'Run `spoor migrate --store clickhouse://…` once.',
  },
  SPOOR_STORE_UNAVAILABLE: {
    summary: 'The database of the store does not answer, or did not do what was asked.',
    remedy: 'Look at the message and at the log of the database; senders are told to try again.',
  },
  SPOOR_CLICKHOUSE_MISSING: {
    summary: 'A store in ClickHouse was asked for, and its client is not installed.',
    remedy: 'Install `@clickhouse/client` beside spoor.',
  },
  SPOOR_STORE_OLDER: {
    summary: 'The store file was written by an older version of spoor, and was opened only to read.',
    remedy: 'Run `spoor reindex --data <folder>`, or `spoor serve` there once: both bring it up to date.',
  },
  SPOOR_STORE_FULL: {
    summary: 'The disk, or the size cap of the store, is full.',
    remedy: 'Free space or raise the cap; senders are told to try again.',
  },
  SPOOR_DATA_IN_USE: {
    summary: 'Another process writes the data folder.',
    remedy: 'Send to the translator that has it (`--url`), stop it, or choose another folder with `--data`.',
  },
  SPOOR_PORT_IN_USE: {
    summary: 'The port is taken by another process.',
    remedy: 'Stop that process or choose another port with `--port`.',
  },
  SPOOR_OTLP_MALFORMED: {
    summary: 'A request body is not a valid OTLP trace request.',
    remedy:
      'Send ExportTraceServiceRequest as protobuf or OTLP/JSON; the message names the first wrong place.',
  },
  SPOOR_BIND_REFUSED: {
    summary:
      'The translator was asked to listen beyond this machine without a key, where anybody could read and write the records.',
    remedy: 'Make a key with `spoor keys create` and give it by `--api-keys-file`, or listen on 127.0.0.1.',
  },
  SPOOR_HOST_REFUSED: {
    summary: 'A request names a host that this translator does not answer for.',
    remedy:
      'Use http://127.0.0.1 or http://localhost with the port of the translator, or allow the host with `--allow-host`.',
  },
  SPOOR_ORIGIN_REFUSED: {
    summary: 'A web page of another origin sent a request.',
    remedy: 'Use the dashboard of the translator itself, or send from a program instead of a page.',
  },
  SPOOR_KEY_REFUSED: {
    summary: 'A translator that asks for a key got none, or one that it does not know.',
    remedy:
      'Set SPOOR_API_KEY, or send the header `authorization: Bearer <key>`; `spoor keys create` makes keys.',
  },
  SPOOR_SCOPE_MISSING: {
    summary: 'A key was used for something that its scopes do not cover.',
    remedy:
      'Use a key with the scope that the message names; `spoor keys create --scopes` says what a key may do.',
  },
  SPOOR_REQUEST_INVALID: {
    summary: 'A request has a path, a method or a query that cannot be used.',
    remedy: 'The message names the part and what it can be.',
  },
  SPOOR_SQL_OFF: {
    summary: 'SQL was sent to a translator that does not take it.',
    remedy: 'Start it with `spoor serve --sql`, or read the data folder with `spoor sql --data`.',
  },
  SPOOR_SQL_REFUSED: {
    summary: 'A statement is not SQL, or does something else than read.',
    remedy: 'Send one SELECT, WITH, VALUES or EXPLAIN over the views that docs/sql.md names.',
  },
  SPOOR_SQL_LIMIT: {
    summary: 'A statement took more time or memory than it may have.',
    remedy: 'Narrow it with WHERE, for example by session or time, or ask for fewer columns.',
  },
  SPOOR_OVERLOADED: {
    summary: 'The translator holds as much as it may.',
    remedy: 'Try again after the time in Retry-After.',
  },
  SPOOR_INTERNAL: {
    summary: 'The translator failed in a way that it did not foresee.',
    remedy: 'Look at its standard error output, and report the fault.',
  },
  SPOOR_TRANSLATOR_UNREACHABLE: {
    summary: 'No translator answers at the address.',
    remedy: 'Start one with `npx spoor serve`, or give its address with `--url`.',
  },
  SPOOR_TIMEOUT: {
    summary: 'The translator did not answer in time.',
    remedy: 'Give the client a longer `timeoutMs`, or look at what keeps the translator busy.',
  },
  SPOOR_CLIENT_CLOSED: {
    summary: 'A client was used after it was closed.',
    remedy: 'Close the client after its last use, or make a new one.',
  },
  SPOOR_NOT_FOUND: {
    summary: 'There is no record with that id.',
    remedy: 'List what there is, for example with `spoor sessions`.',
  },
  SPOOR_USAGE: {
    summary: 'The command line is not understood.',
    remedy: 'See `spoor --help`.',
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;
