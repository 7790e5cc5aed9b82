// Words in the person's language. Catalogues are flat JSON; "{name}" is filled in, and a value with variants
// {"one": "…", "other": "…"} is chosen by Intl.PluralRules of {n}.

/** @type {Record<string, string | Record<string, string>>} */
let catalogue = {};
export let language = "en";
/** For dates and numbers: English is British here. */
export const locale = () => (language === "en" ? "en-GB" : language);

/** @param {string} wanted "de" or "en" */
export async function useLanguage(wanted) {
  language = wanted.startsWith("de") ? "de" : "en";
  const address = new URL(`../locales/${language}.json`, import.meta.url);
  catalogue = await (await fetch(address)).json();
  document.documentElement.lang = language;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string} the text, or the key in brackets when it is missing (a test fails on that)
 */
export function t(key, values = {}) {
  let text = catalogue[key];
  if (text === undefined) return `[${key}]`;
  if (typeof text !== "string") text = text[new Intl.PluralRules(language).select(Number(values.n))] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} key */
export function has(key) {
  return catalogue[key] !== undefined;
}

/** @param {string | null | undefined} text RFC 3339 */
export function when(text) {
  if (!text) return "";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

/** @param {string | null | undefined} text RFC 3339 */
export function day(text) {
  if (!text) return "";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(text));
}

/** @param {number} share 0 to 1 */
export function percent(share) {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: share > 0.99 && share < 1 ? 1 : 0 }).format(share);
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(value);
}
