import { expect, it } from 'vitest';
import { screenshotsText } from '../../src/cli/screenshots-text.js';
import { PNG, referenceOf } from '../support/images.js';

it('shows references in short, and what is none as it is', () => {
  expect(screenshotsText(undefined)).toBeUndefined();
  expect(screenshotsText([referenceOf(PNG), 'shot.png'])).toBe(`${referenceOf(PNG).slice(0, 19)}, shot.png`);
});
