// Changes as files that other programs open: a table (CSV, RFC 4180) in which no cell is a formula, and JSON.
import { lines } from "./fields.js";

/** @typedef {import("./types.js").Change} Change */
/** @typedef {(string | number | boolean | null | undefined)[]} Cells */

/** Spreadsheets run what begins so; + begins phone numbers, too, and those stay what they are. @param {string} text */
export const harmless = (text) => (/^[=+\-@\t\r]/.test(text) && !/^\+[\d ()/-]+$/.test(text) ? `'${text}` : text);

/** @param {Cells[]} rows the first with the names of the columns */
export function csv(rows) {
  /** @param {Cells[number]} value */
  const cell = (value) => {
    const text = harmless(String(value ?? ""));
    return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A value in one cell: a line each, with its kind. @param {string} field @param {Change["before"]} value */
export const cellOf = (field, value) => lines(field, value).map(({ text, kind }) => (kind ? `${text} (${kind})` : text)).join("\n");

/** One row a field. @param {Cells} head what stands before, in every row @param {Change[]} changes @returns {Cells[]} */
export const rowsOfChanges = (head, changes) => changes.map(({ field, before, after }) => [...head, field, cellOf(field, before), cellOf(field, after)]);

/** @param {unknown} value */
export const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
