// What a merge becomes, as values: choices per field, the result, and what differs after the CRM changed. No markup.
import { both, empty, equal, mainFirst } from "./fields.js";

/** @typedef {import("./types.js").Review} Review */
/** @typedef {import("./types.js").ReviewField} ReviewField */
/** @typedef {import("./types.js").Take} Take */
/** @typedef {import("./types.js").FieldValue} FieldValue */
/** main: the value that becomes the main one. @typedef {{take: Take, value?: FieldValue, main?: string}} Choice */
/** @typedef {Record<string, Choice>} Choices */
/** @typedef {{field: string, intent: FieldValue, now: FieldValue, loaded: FieldValue, keep: "intent" | "now", main?: string}} Clash main: what we meant to be the main value */

export const GROUPS = /** @type {const} */ (["conflict", "addition", "equal", "unmapped"]);

/** The choices of a field, in the order of their number keys. @param {ReviewField} row @returns {Take[]} */
export const takesOf = (row) => (row.group === "unmapped" ? [] : row.multi && !empty(row.card) && !empty(row.crm) ? ["card", "crm", "both", "own"] : ["card", "crm", "own"]);

/** @param {ReviewField} row @param {Choices} choices @returns {Choice} */
export const choiceOf = (row, choices) => choices[row.field] || { take: row.proposal };

/** @param {ReviewField} row @param {Choices} choices @returns {FieldValue} */
export function resultOf(row, choices) {
  const { take, value, main } = choiceOf(row, choices);
  const taken = take === "own" ? value : take === "both" ? both(row.field, row.card, row.crm) : take === "card" ? row.card : row.crm;
  return main ? mainFirst(taken, main) : taken;
}

/** The values of which one is the main one, where there is a choice. @param {ReviewField} row @param {Choices} choices @returns {import("./types.js").Value[]} */
export function mainOf(row, choices) {
  const result = resultOf(row, choices);
  return row.main && takesOf(row).length > 0 && Array.isArray(result) && result.length > 1 ? /** @type {any} */ (result) : [];
}

/** Whether a person chose otherwise than the rules. @param {ReviewField} row @param {Choices} choices */
export const chosen = (row, choices) => { const { take, main } = choiceOf(row, choices); return take !== row.proposal || take === "own" || !!main; };

/** Whether anything is other than the rules preset it. @param {Review} review @param {Choices} choices */
export const touched = (review, choices) => review.fields.some((row) => choices[row.field] && chosen(row, choices));

/** How many fields would change there. @param {Review} review @param {Choices} choices */
export const changing = (review, choices) => review.fields.filter((row) => row.group !== "unmapped" && !equal(resultOf(row, choices), row.crm)).length;

/** @param {Review} review @param {Choices} choices body of POST /v1/previews */
export function previewBody(review, choices) {
  const rows = review.fields.filter((row) => choices[row.field]);
  return {
    contact_id: review.contact_id, contact_version: review.contact_version, connection_id: review.connection.id,
    ...(review.record?.id ? { record_id: review.record.id, remote_version: review.record.version } : {}),
    choices: rows.map((row) => {
      const { take, value, main } = choices[row.field];
      return { field: row.field, take, ...(take === "own" ? { value: value ?? null } : {}), ...(main ? { main } : {}) };
    }),
  };
}

/** Fields that the CRM changed between two looks, while we mean to write something else there. @param {Review} before @param {Choices} choices @param {Review} now @returns {Clash[]} */
export function clashes(before, choices, now) {
  const was = new Map(before.fields.map((row) => [row.field, row]));
  return now.fields.flatMap((row) => {
    const old = was.get(row.field);
    const loaded = old?.crm;
    if (equal(loaded, row.crm)) return [];
    const intent = old ? resultOf(old, choices) : row.crm;
    return equal(intent, row.crm) ? [] : [{ field: row.field, intent, now: row.crm, loaded, ...(choices[row.field]?.main ? { main: choices[row.field].main } : {}), keep: /** @type {"now" | "intent"} */ (equal(intent, loaded) ? "now" : "intent") }];
  });
}

/** The same after a write-back that met a changed record. @param {import("./types.js").Change[]} changes @param {Review} now @returns {Clash[]} */
export function clashesOf(changes, now) {
  const rows = new Map(now.fields.map((row) => [row.field, row]));
  return changes.flatMap(({ field, before, after }) => {
    const current = rows.get(field)?.crm;
    return equal(current, before) || equal(current, after) ? [] : [{ field, intent: after, now: current, loaded: before, keep: /** @type {const} */ ("now") }];
  });
}

/** Choices after a clash was decided. @param {Choices} choices @param {Clash[]} list @returns {Choices} */
export function settle(choices, list) {
  const next = { ...choices };
  for (const clash of list) next[clash.field] = clash.keep === "now" ? { take: "crm" } : { take: "own", value: clash.intent, ...(clash.main ? { main: clash.main } : {}) };
  return next;
}
