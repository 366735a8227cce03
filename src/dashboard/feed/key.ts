const NAME = 'spoor.key';

/** The key of this tab, for a translator that asks for one. It goes with the tab. */
export function storedKey(): string | undefined {
  return sessionStorage.getItem(NAME) ?? undefined;
}

/** Keeps a key until the tab is closed. */
export function keepKey(key: string): void {
  sessionStorage.setItem(NAME, key.trim());
}

/** The headers that every request to our own server carries. */
export function keyHeaders(): Record<string, string> {
  const key = storedKey();
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}
