/** `eval_score` → `evalScore`. Leading underscores stay. */
export function toCamelCase(key: string): string {
  return key.includes('_', 1)
    ? key.replace(/(?<=[a-z0-9])_+([a-z0-9])/gi, (_, next: string) => next.toUpperCase())
    : key;
}

/** A copy with camel-case keys at the top level. A camel-case key beats its snake-case twin. */
export function toCamelCaseKeys(given: object): Record<string, unknown> {
  const entries = Object.entries(given);
  const renamed: [string, unknown][] = [];
  const exact: [string, unknown][] = [];
  for (const [key, value] of entries) {
    const name = toCamelCase(key);
    (name === key ? exact : renamed).push([name, value]);
  }
  return Object.fromEntries([...renamed, ...exact]);
}
