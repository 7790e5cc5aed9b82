// The rows of the merge view by group: what differs first, then what the card adds; what is equal is folded.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { GROUPS } from "../merge_state.js";
import { Icon } from "../parts/icon.js";
import { Row } from "./row.js";

/** @typedef {import("../types.js").ReviewField} ReviewField */
/** @typedef {{equal: boolean, unmapped: boolean}} Open */
/** @typedef {{loaded: import("./load.js").Loaded, work: ReturnType<typeof import("./choices.js").useChoices>, crm: string, stamp: string}} Shown */

/** Whether a group is folded away until it is wanted. @param {string} group @returns {group is "equal" | "unmapped"} */
const foldable = (group) => group === "equal" || group === "unmapped";

/** The rows that keys can reach, in the order of the screen. @param {ReviewField[]} fields @param {Open} open */
export const reachable = (fields, open) =>
  GROUPS.flatMap((group) => (group === "unmapped" || (group === "equal" && !open.equal) ? [] : fields.filter((row) => row.group === group)));

/** @param {{group: string, rows: ReviewField[], shown: Shown}} props */
const Table = ({ group, rows, shown: { loaded, work, crm, stamp } }) => html`<table role="table" class="merge-table" aria-labelledby=${`group-${group}`}>
  <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="field-name">${t("merge.field")}</th><th role="columnheader" scope="col">${t("merge.card")}<kbd aria-hidden="true">1</kbd></th>
    <th role="columnheader" scope="col">${crm}<kbd aria-hidden="true">2</kbd> <small>${stamp}</small></th><th role="columnheader" scope="col" class="result-name">${t("merge.result")}</th></tr></thead>
  <tbody role="rowgroup">${rows.map((row) => html`<${Row} key=${row.field} row=${row} contact=${loaded.contact} choices=${work.choices} hands=${work.hands}
    editing=${work.editing === row.field} current=${work.current === row.field} crm=${crm} stamp=${stamp} />`)}</tbody></table>`;

/** @type {Record<string, string>} */
const SIGNS = { conflict: "≠", addition: "+", equal: "=", unmapped: "–" };

/** @param {{group: string, rows: ReviewField[], shown: Shown, open: boolean, toggle: () => void}} props */
function Group({ group, rows, shown, open, toggle }) {
  if (!rows.length) return null;
  const title = html`<span class="group-sign" aria-hidden="true">${SIGNS[group]}</span>${t(`group.${group}`, { n: rows.length })}`;
  return html`<section class=${`merge-group ${group}`}>
    <h2 id=${`group-${group}`}>${foldable(group)
      ? html`<button type="button" class="fold" aria-expanded=${open ? "true" : "false"} onClick=${toggle}><${Icon} name=${open ? "down" : "right"} />${title}</button>`
      : title}</h2>
    ${(open || !foldable(group)) && html`<${Table} group=${group} rows=${rows} shown=${shown} />`}
  </section>`;
}

/** @param {{shown: Shown, open: Open, setOpen: (open: Open) => void}} props */
export function Groups({ shown, open, setOpen }) {
  const { fields } = shown.loaded.review;
  return html`${GROUPS.map((group) => html`<${Group} key=${group} group=${group} rows=${fields.filter((row) => row.group === group)} shown=${shown}
    open=${foldable(group) && open[group]} toggle=${() => foldable(group) && setOpen({ ...open, [group]: !open[group] })} />`)}`;
}
