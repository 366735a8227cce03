const MARK = ' … ';

/** A text of at most so many characters: its start and its end, which say more than its middle. No pair is torn. */
export function cutMiddle(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const room = Math.max(0, maxCharacters - MARK.length);
  const start = text.slice(0, Math.ceil(room / 2));
  const end = room < 2 ? '' : text.slice(text.length - Math.floor(room / 2));
  return `${start}${MARK}${end}`.toWellFormed();
}
