// Several that may be one person, side by side: a member a column, a field a row; what is not the same everywhere is marked.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { FIELDS, label, plain } from "../fields.js";

/** @typedef {import("../types.js").Person} Person */
/** @typedef {{id: string, contact: Person, head: any, off?: boolean, current?: boolean}} Column off: it does not belong to them */

/** A, B … as the members stand side by side. @param {number} i */
export const letter = (i) => (i < 26 ? String.fromCharCode(65 + i) : String(i + 1));

/** Where a record is; the built-in address book has no ids that people know. @param {{connection: {name: string, kind: string}, remote_id: string}} record */
export const Place = ({ connection, remote_id: id }) => html`${connection.name}${connection.kind !== "address_book" && html`<small>${id}</small>`}`;

/** @param {Column} column @param {string} field */
export const valueOf = (column, field) => /** @type {any} */ (column.contact)[field];

/** @param {{title: string, columns: Column[], cell?: (field: string, column: Column) => any}} props cell: what stands below a value */
export function SideBySide({ title, columns, cell = () => null }) {
  const fields = Object.keys(FIELDS).filter((field) => columns.some((one) => plain(field, valueOf(one, field))));
  /** @param {Column} one */
  const look = (one) => [one.off && "off", one.current && "in-hand"].filter(Boolean).join(" ") || undefined;
  return html`<div class="duplicate-members" tabindex="0" role="region" aria-label=${title}><table>
    <thead><tr><td></td>${columns.map((one, i) => html`<th key=${one.id} scope="col" class=${look(one)}><span class="duplicate-letter">${letter(i)}</span> ${one.head}</th>`)}</tr></thead>
    <tbody>${fields.map((field) => {
      const values = columns.map((one) => plain(field, valueOf(one, field)));
      const same = values.every((value, i) => columns[i].off || value === values[0]);
      return html`<tr key=${field} class=${same ? "" : "differs"}><th scope="row">${label(field)}${!same && html`<span class="sr"> ${t("duplicates.differs")}</span>`}</th>
        ${columns.map((one, i) => html`<td key=${one.id} class=${look(one)}>${values[i] || "–"}${cell(field, one)}</td>`)}</tr>`;
    })}</tbody></table></div>`;
}
