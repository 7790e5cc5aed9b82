// Names that were read into the wrong field: what can be put right with one tap. Plain words in, changes out.

/** @typedef {import("./types.js").Person} Person */
/** @typedef {{act: "title" | "suffix" | "particle" | "split" | "swap", words: string, patch: Record<string, string | null>}} Help words: those that move */

const TITLES = /^((dr|prof|dipl|ing|mag|dkfm|rer|nat|med|phil|jur|oec|h\.?c|priv|doz|pd|ra|mr|mrs|ms)(\.[a-z.\-]*)?|dr-ing\.?|herr|frau)$/i;
const SUFFIXES = /^(jr|sr|mba|llm|ll\.m|msc|m\.sc|bsc|b\.sc|m\.a|b\.a|ma|ba|ph\.?d|cpa|cfa|esq|ii|iii|iv)\.?$/i;
const PARTICLES = new Set(["von", "vom", "zu", "zum", "zur", "van", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "le", "la", "ten", "ter", "af", "av", "bin", "ibn", "el", "al", "y"]);

const words = (/** @type {string | null | undefined} */ text) => (text || "").split(/\s+/).filter(Boolean);
const text = (/** @type {string[]} */ list) => list.join(" ") || null;
/** How many at the start (or, from the end) are of a kind; never all of them. @param {string[]} list @param {(word: string) => boolean} of @param {boolean} [end] */
function run(list, of, end = false) {
  let n = 0;
  while (n < list.length - 1 && of(list[end ? list.length - 1 - n : n])) n++;
  return n;
}

/** @param {string[]} list of a field @param {"given_name" | "family_name"} field @param {Person} person @returns {Help[]} */
function affixes(list, field, person) {
  const found = /** @type {Help[]} */ ([]);
  const before = run(list, (word) => TITLES.test(word));
  const after = run(list, (word) => SUFFIXES.test(word.replace(/,$/, "")), true);
  const title = list.slice(0, before);
  const suffix = list.slice(list.length - after);
  if (before) found.push({ act: "title", words: title.join(" "), patch: { name_prefix: text([...words(person.name_prefix), ...title]), [field]: text(list.slice(before)) } });
  if (after) found.push({ act: "suffix", words: suffix.join(" "), patch: { [field]: text(list.slice(0, list.length - after))?.replace(/,$/, "") || null, name_suffix: text([...suffix, ...words(person.name_suffix)]) } });
  return found;
}

/** @param {Person} person @returns {Help[]} what may be put right, the likeliest first */
export function nameHelps(person) {
  const given = words(person.given_name);
  const family = words(person.family_name);
  const helps = [...affixes(given, "given_name", person), ...affixes(family, "family_name", person)];
  const particles = run(given, (word) => PARTICLES.has(word.toLowerCase()), true);
  const moved = given.slice(given.length - particles);
  if (particles && family.length) helps.push({ act: "particle", words: moved.join(" "), patch: { given_name: text(given.slice(0, -particles)), family_name: text([...moved, ...family]) } });
  const all = given.length ? given : family;
  if (!helps.length && all.length > 1 && (!given.length || !family.length)) {
    const at = Math.max(1, all.findIndex((word, i) => i > 0 && (i === all.length - 1 || PARTICLES.has(word.toLowerCase()))));
    helps.push({ act: "split", words: `${all.slice(0, at).join(" ")} · ${all.slice(at).join(" ")}`, patch: { given_name: text(all.slice(0, at)), family_name: text(all.slice(at)) } });
  }
  if (given.length && family.length) helps.push({ act: "swap", words: "", patch: { given_name: text(family), family_name: text(given) } });
  return helps;
}
