import { hash } from 'node:crypto';
import type { Contents } from '../span-body.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';

const HASH_DIGITS = 32;
const KNOWN = 200_000;
const CACHED_TEXT = 32 * 1024 * 1024;

/** The contents of one row: their ids are places in `refs`. */
export interface RowContents extends Contents {
  readonly refs: string[];
}

/** Gathers the contents of a batch. */
export interface ContentSink {
  ofOneRow(day: string): RowContents;
}

/** Texts by their hash, each kept once a day however often it is sent. */
export interface ClickHouseContents {
  /** Makes a sink; `save` keeps what it gathered, before the rows that need it are written. */
  gather(): ContentSink & { save(): Promise<void> };
  /** The texts with these hashes. */
  read(hashes: Iterable<string>): Promise<ReadonlyMap<string, string>>;
}

/** Opens the contents of a database. */
export function createContents(engine: Engine): ClickHouseContents {
  /** Day and hash: a text that is sent again on a later day is kept with that day, to expire with its spans. */
  const known = new Set<string>();
  const owners = new WeakMap<object, { key: string; text: string }>();
  const texts = new Map<string, string>();
  let length = 0;

  function ownerOf(owner: object): { key: string; text: string } {
    let found = owners.get(owner);
    if (found === undefined) {
      const text = JSON.stringify(owner);
      owners.set(owner, (found = { key: keyOf(text), text }));
    }
    return found;
  }

  function gather(): ContentSink & { save(): Promise<void> } {
    const fresh = new Map<string, { hash: string; day: string; body: string }>();
    const note = (day: string, key: string, body: string): void => {
      const id = `${day} ${key}`;
      if (!known.has(id)) fresh.set(id, { hash: key, day, body });
    };
    return {
      ofOneRow(day) {
        const refs: string[] = [];
        const places = new Map<string, number>();
        const add = (key: string, text: string): number => {
          let place = places.get(key);
          if (place === undefined) {
            places.set(key, (place = refs.push(key) - 1));
            note(day, key, text);
          }
          return place;
        };
        return {
          refs,
          put: (text) => add(keyOf(text), text),
          putOwner(owner) {
            const { key, text } = ownerOf(owner);
            return add(key, text);
          },
          get: () => '',
        };
      },
      async save() {
        await engine.insert('contents', [...fresh.values()]);
        if (known.size + fresh.size > KNOWN) known.clear();
        for (const id of fresh.keys()) known.add(id);
      },
    };
  }

  async function read(hashes: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const missing: string[] = [];
    for (const key of new Set(hashes)) {
      const text = texts.get(key);
      if (text === undefined) missing.push(key);
      else found.set(key, text);
    }
    const rows = await inPieces(missing, (piece) =>
      engine.rows<{ hash: string; body: string }>(
        `SELECT hash, body FROM ${engine.tables.contents} WHERE hash IN {hashes:Array(String)} LIMIT 1 BY hash`,
        { hashes: piece },
      ),
    );
    for (const { hash: key, body } of rows) {
      found.set(key, body);
      if (length > CACHED_TEXT) {
        texts.clear();
        length = 0;
      }
      texts.set(key, body);
      length += body.length;
    }
    return found;
  }

  return { gather, read };
}

function keyOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, HASH_DIGITS);
}
