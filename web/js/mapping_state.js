// A field mapping while it is edited: rows by place, fixed values, and whether anything differs. No markup here.

/** @typedef {import("./types.js").MappingDoc} MappingDoc */
/** @typedef {import("./types.js").RemoteField} RemoteField */

/** @param {MappingDoc} doc @param {number} at @param {string} theirs */
export const moved = (doc, at, theirs) => ({ ...doc, rows: doc.rows.map((row, i) => (i === at ? { ...row, theirs } : row)) });

/** @param {MappingDoc} doc @param {number} at */
export const without = (doc, at) => ({ ...doc, rows: doc.rows.filter((_, i) => i !== at) });

/** A further row, after those of the same or an earlier place. @param {MappingDoc} doc @param {string[]} order @param {string} ours @param {string} theirs */
export function withRow(doc, order, ours, theirs) {
  const rows = [...doc.rows, { ours, theirs }];
  return { ...doc, rows: rows.sort((a, b) => order.indexOf(a.ours) - order.indexOf(b.ours)) };
}

/** @param {MappingDoc} doc @param {number} at @param {Partial<MappingDoc["constants"][number]>} change */
export const constantChanged = (doc, at, change) => ({ ...doc, constants: doc.constants.map((one, i) => (i === at ? { ...one, ...change } : one)) });

/** @param {MappingDoc} doc @param {number} at */
export const constantGone = (doc, at) => ({ ...doc, constants: doc.constants.filter((_, i) => i !== at) });

/** Rows without a field yet cannot be sent. @param {MappingDoc} doc */
export const complete = (doc) => doc.rows.every((row) => row.theirs.trim()) && doc.constants.every((one) => one.theirs.trim() && one.value.trim());

/** @param {MappingDoc} a @param {MappingDoc} b */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The last field of the place that the CRM comes with, for putting it back where places are fixed. @param {MappingDoc} shipped @param {string} ours */
export const home = (shipped, ours) => shipped.rows.find((row) => row.ours === ours)?.theirs || "";
