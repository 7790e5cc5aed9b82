// Text files that somebody chooses: tables and vCards, cut to what the service takes at a time.

const ROWS = 1000;

/** Ends of the lines of a table, leaving alone those inside quotation marks. @param {string} text */
function lineEnds(text) {
  const ends = [];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "\n" && !quoted) ends.push(at + 1);
  }
  if (ends[ends.length - 1] !== text.length) ends.push(text.length);
  return ends;
}

/** @param {string} text @returns {string[]} each vCard by itself */
export const cardsOf = (text) => text.split(/(?=^BEGIN:VCARD)/im).filter((piece) => piece.trim());

/** Parts that the service takes one by one: vCards as they are, a table always with its line of headings. @param {string} text @returns {string[]} */
export function partsOf(text) {
  const cards = text.trimStart().toUpperCase().startsWith("BEGIN:VCARD");
  const pieces = cards ? cardsOf(text) : [];
  const ends = cards ? [] : lineEnds(text);
  for (let i = 1; i < ends.length; i++) pieces.push(text.slice(ends[i - 1], ends[i]));
  const head = cards ? "" : text.slice(0, ends[0]);
  const parts = [];
  for (let at = 0; at < Math.max(pieces.length, 1); at += ROWS) parts.push(head + pieces.slice(at, at + ROWS).join(""));
  return parts;
}

/** What spreadsheets write is UTF-8 or Windows-1252. @param {ArrayBuffer} bytes */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
