/** Width of a letter by its kind, for a sans-serif font of one pixel: a guess that is rather too wide. */
const NARROW = /[iljtfrI.,:;'|!()[\]{} ]/u;
const BROAD = /[mwMW@%—…]/u;
const FULL =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\p{Emoji_Presentation}]/u;

/** Pixels that a text takes in a sans-serif font of this size, more or less. */
export function textSize(text: string, fontSize: number): number {
  let units = 0;
  for (const char of text)
    units += FULL.test(char) ? 1.05 : BROAD.test(char) ? 0.9 : NARROW.test(char) ? 0.36 : 0.6;
  return Math.ceil(units * fontSize);
}

/** A text on at most `lines` lines of about `length` letters; what does not fit is marked by an ellipsis. */
export function wrapText(text: string, length: number, lines: number): string[] {
  const found: string[] = [];
  let rest = Array.from(text);
  while (rest.length > 0 && found.length < lines) {
    if (rest.length <= length) {
      found.push(rest.join(''));
      return found;
    }
    const space = rest.lastIndexOf(' ', length);
    const isLast = found.length === lines - 1;
    const cut = !isLast && space > length / 3 ? space : isLast ? length - 1 : length;
    found.push(rest.slice(0, cut).join('').trim() + (isLast ? '…' : ''));
    rest = Array.from(rest.slice(cut).join('').trimStart());
  }
  return found;
}
