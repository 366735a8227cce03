import { createHash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import { blobReference } from '../../semconv/blob-reference.js';
import { ATTR_SPOOR_WARNINGS } from '../../semconv/spoor-attributes.js';
import { refusesContent } from '../config/content-policy.js';
import { currentSettings } from '../config/settings.js';
import { sniffImageType } from '../shared/image-type.js';
import { sendBlob } from './blob-sink.js';
import { warnOnce } from './diag.js';
import type { ScreenshotRecord } from './late-screenshots.js';
import { decodeImage, ImageRefused, readImageFile } from './read-image.js';

const DEFAULT_SCREENSHOT_BYTES = 10 * 1024 * 1024;
/** Of one step or event: references are short, but not free. */
const MAX_COUNT = 100;

/**
 * Keeps the screenshots among the fields, beside those that the record has, and gives the attributes that say so under
 * `key`. An image that cannot be kept is a warning, never an error. Nothing is read when content is refused.
 */
export function screenshotAttributes(
  key: string,
  fields: Readonly<Record<string, unknown>>,
  record: ScreenshotRecord,
): Attributes {
  const sources = sourcesOf(fields);
  if (sources.length === 0 || refusesContent('input')) return {};
  for (const read of sources) keep(read, record);
  return {
    ...(record.references.length === 0 ? {} : { [key]: [...record.references] }),
    ...(record.warnings.length === 0 ? {} : { [ATTR_SPOOR_WARNINGS]: [...record.warnings] }),
  };
}

function sourcesOf({
  screenshot,
  screenshotPath,
  screenshots,
}: Readonly<Record<string, unknown>>): (() => Uint8Array)[] {
  const { limits, screenshotRoot = process.cwd() } = currentSettings();
  const maxBytes = limits?.screenshotBytes ?? DEFAULT_SCREENSHOT_BYTES;
  const listed: readonly unknown[] = Array.isArray(screenshots) ? screenshots : [screenshots];
  const images = [screenshot, ...listed].filter((image) => image !== undefined && image !== null);
  const sources = images.map((image) => () => decodeImage(image, maxBytes));
  if (typeof screenshotPath !== 'string') return sources;
  return [...sources, () => readImageFile(screenshotPath, screenshotRoot, maxBytes)];
}

function keep(read: () => Uint8Array, { references, warnings }: ScreenshotRecord): void {
  try {
    if (references.length >= MAX_COUNT) throw new ImageRefused(`there are ${MAX_COUNT} already`);
    const bytes = read();
    const type = sniffImageType(bytes);
    if (type === undefined) throw new ImageRefused('it is no PNG, JPEG, WebP or GIF');
    const hash = createHash('sha256').update(bytes).digest('hex');
    const reference = blobReference(hash);
    if (!references.includes(reference)) references.push(reference);
    sendBlob({ hash, bytes, type });
  } catch (error) {
    const reason = error instanceof ImageRefused ? error.message : 'it could not be read';
    const warning = `a screenshot was left out: ${reason}`;
    if (!warnings.includes(warning)) warnings.push(warning);
    warnOnce(`screenshot:${reason}`, warning);
  }
}
