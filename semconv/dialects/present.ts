/** The same fields without those that are undefined: a fact that a span does not say is absent, never `undefined`. */
export function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const said: { [K in keyof T]?: T[K] } = {};
  // Every span passes here several times: lists of entries would cost more than all else that is read of it.
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) said[key] = value;
  }
  // What is left is a T by the type of `fields`; no type of TypeScript's own says so.
  return said as T;
}
