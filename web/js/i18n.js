// Words in the person's language. Catalogues are flat JSON; "{name}" is filled in, and a value with variants
// {"one": "…", "other": "…"} is chosen by Intl.PluralRules of {n}.

/** @typedef {Record<string, string | Record<string, string>>} Catalogue */

/** @type {Catalogue} */
let catalogue = {};
/** What of the catalogue is here: web/build.py splits it by what screens say. */
const parts = new Set(["first"]);
export let language = "en";
/** For dates and numbers: English is British here. */
export const locale = () => (language === "en" ? "en-GB" : language);

/** @param {string} wanted @param {string} part @returns {Promise<Catalogue>} */
async function fetchPart(wanted, part) {
  const answer = await fetch(new URL(`../locales/${wanted}/${part}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`words of ${part}: ${answer.status}`);
  return answer.json();
}

/** Changes of the catalogue, one after another: another language while a part is on its way must not lose the part. */
let turn = Promise.resolve();
/** @param {() => Promise<void>} act */
const inTurn = (act) => (turn = turn.catch(() => {}).then(act));

/** @param {string} wanted "de" or "en" */
export const useLanguage = (wanted) => inTurn(async () => {
  const next = wanted.startsWith("de") ? "de" : "en";
  catalogue = Object.assign({}, ...(await Promise.all([...parts].map((part) => fetchPart(next, part)))));
  language = next;
  document.documentElement.lang = language;
});

/** The words of a part besides those that are here. @param {string} part */
export const useWords = (part) => inTurn(async () => {
  if (parts.has(part)) return;
  Object.assign(catalogue, await fetchPart(language, part));
  parts.add(part);
});

/** @param {string} key @param {Record<string, string | number>} values @returns {string | undefined} */
function textOf(key, values) {
  let text = catalogue[key];
  if (text === undefined) return undefined;
  if (typeof text !== "string") text = text[formatter("plural", () => new Intl.PluralRules(language)).select(Number(values.n))] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string} the text, or the key in brackets when it is missing (a test fails on that)
 */
export const t = (key, values = {}) => textOf(key, values) ?? `[${key}]`;

/** The text of a key that there may be none of, else `otherwise`. @template {string | undefined} T @param {string} key @param {T} otherwise @returns {string | T} */
export const textOr = (key, otherwise) => textOf(key, {}) ?? otherwise;

/** Making a formatter takes a hundred times as long as using it: each is made once a language. @type {Map<string, any>} */
const formatters = new Map();
/** @template T @param {string} name @param {(locale: string) => T} make @returns {T} */
export function formatter(name, make) {
  const key = `${locale()} ${name}`;
  if (!formatters.has(key)) formatters.set(key, make(locale()));
  return formatters.get(key);
}

/** @param {string | null | undefined} text RFC 3339 */
export function when(text) {
  if (!text) return "";
  return formatter("when", (here) => new Intl.DateTimeFormat(here, { dateStyle: "medium", timeStyle: "short" })).format(new Date(text));
}

/** @param {string | null | undefined} text RFC 3339 */
export function day(text) {
  if (!text) return "";
  return formatter("day", (here) => new Intl.DateTimeFormat(here, { dateStyle: "medium" })).format(new Date(text));
}

/** @param {number} share 0 to 1 */
export function percent(share) {
  const digits = share > 0.99 && share < 1 ? 1 : 0;
  return formatter(`percent ${digits}`, (here) => new Intl.NumberFormat(here, { style: "percent", maximumFractionDigits: digits })).format(share);
}

/** How many. @param {number} value */
export const amount = (value) => new Intl.NumberFormat(locale()).format(value);

/** With its sign. @param {number} value */
export function number(value) {
  return formatter("number", (here) => new Intl.NumberFormat(here, { maximumFractionDigits: 1, signDisplay: "exceptZero" })).format(value);
}
