const MAX_WORDS = 8;

/** The words of a search, lower case and without marks, as SQLite's `unicode61` reads them. */
export function searchWords(text: string): string[] {
  return fold(text).slice(0, MAX_WORDS);
}

/** All words of a text, in the same form. */
export function fold(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replaceAll(/\p{Mn}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
