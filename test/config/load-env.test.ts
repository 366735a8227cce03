import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentContentPolicy } from '../../src/config/content-policy.js';
import { loadEnv } from '../../src/config/load-env.js';
import {
  applyOptions,
  currentSettings,
  followSettings,
  resetSettings,
  resolvedSettings,
} from '../../src/config/settings.js';

const NAMES = ['SPOOR_SERVICE_NAME', 'SPOOR_AGENT_ID', 'SPOOR_CAPTURE_CONTENT', 'APP_KEY'];
let folder: string;

beforeEach(() => {
  for (const name of NAMES) delete process.env[name];
  folder = mkdtempSync(join(tmpdir(), 'spoor-env-'));
  writeFileSync(
    join(folder, '.env'),
    '# comment\nSPOOR_SERVICE_NAME="from file"\nexport SPOOR_AGENT_ID=agent # note\nSPOOR_CAPTURE_CONTENT=true\nAPP_KEY=\'a=b\'\n',
  );
});
afterEach(() => {
  for (const name of NAMES) delete process.env[name];
  followSettings(undefined);
  resetSettings();
  rmSync(folder, { recursive: true, force: true });
});

describe('loadEnv', () => {
  it('takes up a file of a folder, also after the settings were asked for', () => {
    expect(currentSettings().serviceName).toBeUndefined();
    expect(currentContentPolicy().input).toBe(false);
    expect(loadEnv(folder)).toBe(true);
    expect(process.env['APP_KEY']).toBe('a=b');
    expect(currentSettings()).toMatchObject({ serviceName: 'from file', agentId: 'agent' });
    expect(resolvedSettings().sources['serviceName']).toBe('SPOOR_SERVICE_NAME');
    expect(currentContentPolicy().input).toBe(true);
  });

  it('leaves variables that are set, unless it is to override them', () => {
    process.env['SPOOR_SERVICE_NAME'] = 'set before';
    expect(loadEnv(join(folder, '.env'))).toBe(true);
    expect(currentSettings().serviceName).toBe('set before');
    expect(loadEnv(folder, { override: true })).toBe(true);
    expect(currentSettings().serviceName).toBe('from file');
  });

  it('does not touch what was given in code', () => {
    applyOptions({ serviceName: 'code' });
    loadEnv(folder);
    expect(currentSettings()).toMatchObject({ serviceName: 'code', agentId: 'agent' });
  });

  it('tells whoever follows the settings', () => {
    const told: (string | undefined)[] = [];
    followSettings(({ serviceName }) => void told.push(serviceName));
    loadEnv(folder);
    expect(told).toEqual(['from file']);
  });

  it('finds nothing where there is nothing, and changes nothing then', () => {
    const before = { ...process.env };
    expect(loadEnv(join(folder, 'elsewhere'))).toBe(false);
    rmSync(join(folder, '.env'));
    expect(loadEnv(folder)).toBe(false);
    expect(process.env).toEqual(before);
  });

  it('is never called by anything but the program', () => {
    const here = process.cwd();
    process.chdir(folder);
    resetSettings();
    expect(currentSettings().serviceName).toBeUndefined();
    expect(process.env['APP_KEY']).toBeUndefined();
    expect(loadEnv()).toBe(true);
    process.chdir(here);
  });
});
