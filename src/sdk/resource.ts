import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultResource, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { ATTR_SERVICE_NAME } from '../../semconv/attributes.js';
import type { Settings } from '../config/settings.js';
import { VERSION } from '../shared/version.js';

/** The resource of a provider of our own: who sends, and that spoor made it. */
export function createResource(settings: Settings): Resource {
  return defaultResource().merge(
    resourceFromAttributes({
      'process.pid': process.pid,
      'telemetry.distro.name': 'spoor',
      'telemetry.distro.version': VERSION,
      ...settings.resourceAttributes,
      [ATTR_SERVICE_NAME]:
        settings.serviceName ?? namedIn(settings.resourceAttributes) ?? appName() ?? 'unknown_service:node',
    }),
  );
}

function namedIn(attributes: Settings['resourceAttributes']): string | undefined {
  const name = attributes?.[ATTR_SERVICE_NAME];
  return name === undefined ? undefined : String(name);
}

/** Name in the package.json nearest to the program, looked for upwards. */
function appName(): string | undefined {
  let folder = process.argv[1] === undefined ? process.cwd() : dirname(process.argv[1]);
  for (let level = 0; level < 20; level += 1) {
    const name = packageName(folder);
    if (name !== undefined) return name;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

function packageName(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const name = (manifest as { name?: unknown }).name;
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
