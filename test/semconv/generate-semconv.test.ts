import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as semconv from '../../semconv/index.js';

const ROOT = path.join(import.meta.dirname, '..', '..');
const SCRIPT = path.join(ROOT, 'scripts', 'generate-semconv.js');
const corpus = process.env['SPOOR_CORPUS'];

function committed(file: string): string {
  return readFileSync(path.join(ROOT, 'semconv', file), 'utf8');
}

describe('the generated names', () => {
  it('are listed whole in the entry', async () => {
    const script: { generateSemconvIndex(read: (file: string) => string): string } = await import(SCRIPT);
    expect(script.generateSemconvIndex(committed)).toBe(committed('index.ts'));
  });

  it('are unique, and named after their value', () => {
    const attributes = Object.entries<unknown>(semconv).filter(
      (entry): entry is [string, string] => entry[0].startsWith('ATTR_') && typeof entry[1] === 'string',
    );
    expect(attributes.length).toBeGreaterThan(130);
    expect(new Set(attributes.map(([, key]) => key)).size).toBe(attributes.length);
    for (const [name, key] of attributes) {
      expect(name).toBe(`ATTR_${key.replaceAll('.', '_').toUpperCase()}`);
    }
  });

  it('have one line of documentation each', () => {
    for (const file of ['attributes.ts', 'spoor-attributes.ts', 'events.ts']) {
      const text = committed(file);
      const constants = text.match(/^export const /gm) ?? [];
      expect(constants.length, file).toBeGreaterThan(2);
      expect(text.match(/^\/\*\* [^\n]+\. \*\/\nexport const /gm)?.length, file).toBe(constants.length);
    }
  });

  it.skipIf(corpus === undefined)(
    'fit the registries of the conventions (skipped unless SPOOR_CORPUS names the folder that holds them)',
    () => {
      const out = mkdtempSync(path.join(tmpdir(), 'spoor-semconv-'));
      try {
        const said = execFileSync(
          process.execPath,
          [SCRIPT, path.join(corpus ?? '', 'semconv-genai'), '--out', out],
          {
            encoding: 'utf8',
          },
        );
        expect(said).toMatch(/^wrote \d{3} names/);
        expect(readdirSync(out).toSorted()).toEqual([
          'attributes.ts',
          'events.ts',
          'index.ts',
          'metrics.ts',
          'values.ts',
        ]);
        for (const file of readdirSync(out)) {
          expect(readFileSync(path.join(out, file), 'utf8'), file).toBe(committed(file));
        }
      } finally {
        rmSync(out, { recursive: true });
      }
    },
  );
});
