import { readFileSync } from 'node:fs';

/** The version in the nearest `package.json` above this file: sources and build lie at different depths. */
export function packageVersion(): string {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    const version = versionIn(folder);
    if (version !== undefined) return version;
    if (folder.pathname === new URL('../', folder).pathname) return '0.0.0';
  }
}

function versionIn(folder: URL): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as {
      name?: string;
      version?: string;
    };
    return manifest.name === 'spoor' ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}
