// The contact's fields: order, how values read, which are alike, how confident a reading was. No markup here.
import { formatter, language, t, textOr } from "./i18n.js";

/** @typedef {import("./types.js").FieldValue} FieldValue */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Value} Value */
/** @typedef {import("./types.js").Address} Address */
/** @typedef {import("./types.js").Claim} Claim */
/** @typedef {"text" | "values" | "addresses"} Shape */

/** In the order people read them. @type {Record<string, Shape>} */
export const FIELDS = {
  name_prefix: "text", given_name: "text", family_name: "text", name_suffix: "text", job_title: "text", department: "text",
  organization: "text", emails: "values", phones: "values", urls: "values", addresses: "addresses",
};
export const KINDS = /** @type {const} */ (["work", "mobile", "fax", "home", "other"]);
export const ADDRESS_PARTS = /** @type {const} */ (["street", "postal_code", "city", "region", "country"]);

/** @param {string} field */
export const label = (field) => t(`field.${field}`);

/** Below this a reading is to be looked at. */
export const DOUBTFUL = 0.75;

/** @param {number} confidence @returns {"sure" | "likely" | "doubtful"} */
export const confidenceWord = (confidence) => (confidence >= 0.9 ? "sure" : confidence >= DOUBTFUL ? "likely" : "doubtful");

/** @param {string | null | undefined} code ISO 3166-1 alpha-2 */
function country(code) {
  if (!code || !/^[A-Z]{2}$/.test(code)) return code || "";
  return formatter("region", () => new Intl.DisplayNames(language, { type: "region" })).of(code) || code;
}

/** @param {Address} address */
export function addressLine(address) {
  const town = [address.postal_code, address.city].filter(Boolean).join(" ");
  return [address.street, town, address.region, country(address.country)].filter(Boolean).join(", ");
}

/** @param {string} field @param {any} item one value of a field with several */
export function itemText(field, item) {
  if (field === "addresses") return addressLine(item);
  return field === "urls" ? item.value.replace(/^https?:\/\/(?=.)/, "") : item.value;
}

/** @param {string} field @param {any} item */
export function itemKind(field, item) {
  return (field === "phones" || field === "emails") && item.kind ? textOr(`kind.${item.kind}`, "") : "";
}

/** Every line of a value. @param {string} field @param {FieldValue} value @returns {{text: string, kind: string}[]} */
export function lines(field, value) {
  if (!value) return [];
  if (typeof value === "string") return [{ text: value, kind: "" }];
  return value.map((item) => ({ text: itemText(field, item), kind: itemKind(field, item) }));
}

/** @param {string} field @param {FieldValue} value */
export const plain = (field, value) => lines(field, value).map((line) => line.text).join("; ");

/** Form under which two values count as the same here; the service judges more finely. @param {string} field @param {any} item */
function sameForm(field, item) {
  if (field === "addresses") return addressLine(item).toLocaleLowerCase().replace(/stra(ß|ss)e|str\./g, "str").replace(/[^\p{L}\p{N}]/gu, "");
  const text = String(item.value).toLocaleLowerCase();
  return field === "phones" ? text.replace(/[^\d]/g, "") : text.replace(/\/+$/, "");
}

/** The CRM's values first, then those of the card that it lacks. @param {string} field @param {FieldValue} card @param {FieldValue} crm @returns {any} */
export function both(field, card, crm) {
  const theirs = Array.isArray(crm) ? crm : [];
  const ours = Array.isArray(card) ? card : [];
  const known = new Set(theirs.map((item) => sameForm(field, item)));
  return [...theirs, ...ours.filter((item) => !known.has(sameForm(field, item)))];
}

/** The value that is to be the main one first, the others in their order. @param {any} value @param {string} main */
export const mainFirst = (value, main) => (Array.isArray(value) ? [...value.filter((item) => item.value === main), ...value.filter((item) => item.value !== main)] : value);

/** @param {FieldValue} a @param {FieldValue} b */
export const equal = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** @param {FieldValue} value */
export const empty = (value) => !value || value.length === 0;

/** The claims under a path ("emails/0", "addresses/0", "given_name"). @param {Claim[]} claims @param {string} path */
export const claimsOf = (claims, path) => claims.filter((claim) => claim.field === path || claim.field.startsWith(`${path}/`));

/** One box around several. @param {number[][]} boxes @returns {number[] | null} x, y, width, height */
export function around(boxes) {
  const real = boxes.filter((box) => box.length === 4);
  if (!real.length) return null;
  const x = Math.min(...real.map((box) => box[0]));
  const y = Math.min(...real.map((box) => box[1]));
  return [x, y, Math.max(...real.map((box) => box[0] + box[2])) - x, Math.max(...real.map((box) => box[1] + box[3])) - y];
}

/**
 * The rows of a contact: one per value that is there.
 * @param {Person} person @param {Claim[]} claims
 */
export function rowsOf(person, claims) {
  const rows = [];
  for (const [field, shape] of Object.entries(FIELDS)) {
    const value = /** @type {any} */ (person)[field];
    if (empty(value)) continue;
    const items = shape === "text" ? [value] : value;
    for (let i = 0; i < items.length; i++) rows.push(rowOf(field, shape, i, items[i], claims));
  }
  return rows;
}

/** @param {string} field @param {Shape} shape @param {number} index @param {any} item @param {Claim[]} claims */
function rowOf(field, shape, index, item, claims) {
  const path = shape === "text" ? field : `${field}/${index}`;
  const mine = claimsOf(claims, path);
  const side = mine[0]?.side;
  const printed = mine.filter((claim) => claim.card_box.length === 4 && claim.side === side);
  const now = shape === "text" ? item : shape === "values" ? item.value : null;
  const byHand = mine.length === 0 || (now !== null ? mine[0].value !== now : mine.some((claim) => partOf(item, claim.field) !== (claim.value ?? "")));
  return {
    field, shape, index, path, item, byHand, side,
    confidence: byHand ? 1 : Math.min(1, ...(printed.length ? printed : mine).map((claim) => claim.confidence)),
    box: around(printed.map((claim) => claim.card_box)),
    alternatives: now === null || byHand ? [] : readings(now, mine[0].alternatives),
  };
}

/** @param {any} address @param {string} path "addresses/0/city" */
const partOf = (address, path) => address[path.split("/")[2]] ?? "";

/** Letters to change, add or take away. @param {string} a @param {string} b */
function distance(a, b) {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) next.push(Math.min(next[k - 1] + 1, row[k] + 1, row[k - 1] + (a[i - 1] === b[k - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** Another reading is often one of a single word: then of the whole value with that word in place of the one it is like. @param {string} value @param {string} other */
function whole(value, other) {
  const words = value.split(" ");
  if (words.length === 1 || other.includes(" ")) return other;
  const far = words.map((word) => distance(word.toLowerCase(), other.toLowerCase()));
  const at = far.indexOf(Math.min(...far));
  return far[at] > other.length / 2 ? other : words.map((word, i) => (i === at ? other : word)).join(" ");
}

/** @param {string} value @param {string[]} others as the reader gives them @returns {string[]} whole values, each once */
export const readings = (value, others) => [...new Set(others.map((other) => whole(value, other)))].filter((one) => one && one !== value);

/** @param {Person} person */
export const company = (person) => [person.job_title, person.organization].filter(Boolean).join(" · ");
