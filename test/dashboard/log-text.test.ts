import { expect, test } from 'vitest';
import { logName, logText } from '../../src/dashboard/model/log-text.js';

const log = { id: '1', timeMs: 0 };

test('names a record by its event, else by how grave it is', () => {
  const names = [
    { ...log, name: 'retry', severityNumber: 17 },
    { ...log, severityText: 'Warning', severityNumber: 13 },
    { ...log, severityNumber: 12 },
    { ...log, severityNumber: 21 },
    { ...log, severityNumber: 99 },
    log,
  ].map(logName);
  expect(names).toEqual(['retry', 'warning', 'info', 'fatal', 'log', 'log']);
});

test('shows the body and below it the attributes', () => {
  const shown = logText({ ...log, body: { a: [1] }, attributes: { code: 7, note: 'late' } });
  expect(shown).toBe('{"a":[1]}\ncode: 7\nnote: late');
  expect(logText(log)).toBe('');
});
