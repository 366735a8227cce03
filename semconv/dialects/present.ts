/** The same fields without those that are undefined: a fact that a span does not say is absent, never `undefined`. */
export function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  // What is left is a T by the type of `fields`; no type of TypeScript's own says so.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
