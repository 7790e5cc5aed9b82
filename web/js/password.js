// Passwords made here, by the browser's own randomness: long enough for a password used alone, and readable aloud.

/** Without what looks alike (0 O o, 1 l I): 56 signs, so 20 of them are 116 bits. */
const SIGNS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS = 5;
const LENGTH = 4;
export const LEAST = 15; // characters; the service asks for as many …
export const LEAST_WITH = 8; // … and for these beside a second factor

/** One sign, each equally likely: bytes beyond the last whole multiple are thrown away. @param {(bytes: Uint8Array) => void} fill */
function sign(fill) {
  const bytes = new Uint8Array(1);
  do fill(bytes);
  while (bytes[0] >= 256 - (256 % SIGNS.length));
  return SIGNS[bytes[0] % SIGNS.length];
}

/** @param {(bytes: Uint8Array) => void} [fill] @returns {string} five groups of four */
export function newPassword(fill = (bytes) => void crypto.getRandomValues(bytes)) {
  const group = () => Array.from({ length: LENGTH }, () => sign(fill)).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}
