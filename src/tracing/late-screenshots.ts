import type { Attributes } from '@opentelemetry/api';
import { lateModule } from '../shared/late.js';
import { guarded } from './guarded.js';
import type { ImageSource } from './read-image.js';
import type * as ScreenshotsNamespace from './screenshots.js';

/** Most steps and events have no screenshot; what reads images is loaded with the first. */
const screenshotsModule = lateModule<typeof ScreenshotsNamespace>('./screenshots.js', import.meta.url);

/** Images that show what the agent saw. PNG, JPEG, WebP or GIF, told by their bytes. */
export interface ScreenshotFields {
  /** An image: bytes, base64, or a data URI. */
  screenshot?: ImageSource;
  /** Path of an image file inside `screenshotRoot`; it is read during the call. */
  screenshotPath?: string;
  /** Several images. */
  screenshots?: readonly ImageSource[];
}

/** What one step or event has so far. */
export interface ScreenshotRecord {
  readonly references: string[];
  readonly warnings: string[];
}

export function emptyScreenshotRecord(): ScreenshotRecord {
  return { references: [], warnings: [] };
}

/**
 * Keeps the screenshots among the fields, beside those that the record has, and gives the attributes that say so under
 * `key`. Never throws.
 */
export function screenshotAttributes(
  key: string,
  fields: Readonly<Record<string, unknown>>,
  record: ScreenshotRecord,
): Attributes {
  const { screenshot, screenshotPath, screenshots } = fields;
  if ((screenshot ?? screenshotPath ?? screenshots) === undefined) return {};
  return guarded('screenshots', {}, () => screenshotsModule().screenshotAttributes(key, fields, record));
}
