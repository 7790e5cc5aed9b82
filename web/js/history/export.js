// The history as a file: all that the filter shows, page by page, as the service tells it.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { give } from "../parts/file.js";
import { Icon } from "../parts/icon.js";
import { rulingOf, stayed } from "../merge/ruling.js";
import { csv, json, rowsOfChanges } from "../table_file.js";

/** @typedef {import("../types.js").WriteBack} WriteBack */

const MOST = 5000;
const PAGE = 100;
const HEAD = ["id", "decided_at", "by", "policy", "state", "action", "contact", "contact_id", "connection", "remote_id", "undoable_until", "field", "before", "after", "rule", "preset", "taken", "overridden"];

/** @param {WriteBack} one @param {string} field which rule preset the value, and what came of it */
function ruled({ action, rulings }, field) {
  const ruling = rulingOf(rulings, field);
  if (!ruling) return [action === "merge" ? "" : "not_kept", "", "", ""];
  return [ruling.rule, ruling.proposal, ruling.take, ruling.overridden];
}

/** @param {WriteBack[]} list */
export const table = (list) => csv([HEAD, ...list.flatMap((one) => {
  const head = [one.id, one.created_at, one.by, one.policy, one.state, one.action, one.display, one.contact_id, one.connection.name, one.remote_id, one.undoable_until];
  const rows = [...rowsOfChanges(head, one.changes).map((row, i) => [...row, ...ruled(one, one.changes[i].field)]),
    ...stayed(one.rulings, one.changes).map(({ field }) => [...head, field, "", "", ...ruled(one, field)])];
  return rows.length ? rows : [[...head, "", "", "", "", "", "", ""]];
})]);

/** @param {string} address with the filter @returns {Promise<{list: WriteBack[], more: boolean}>} */
async function fetchAll(address) {
  /** @type {WriteBack[]} */
  const list = [];
  for (let next = /** @type {string | null} */ (address); next && list.length < MOST;) {
    const page = await api.get(next);
    list.push(...page.items);
    next = page.links.next;
    if (next && list.length >= MOST) return { list, more: true };
  }
  return { list, more: false };
}

/** @param {{query: string}} props the filter, as the address has it */
export function ExportHistory({ query }) {
  const [busy, setBusy] = useState(false);
  /** @param {"csv" | "json"} kind */
  const write = async (kind) => {
    setBusy(true);
    try {
      const { list, more } = await fetchAll(`/v1/write-backs?${query}${query ? "&" : ""}limit=${PAGE}`);
      const name = `kartei-${t("history.title").toLowerCase()}-${new Date().toISOString().slice(0, 10)}.${kind}`;
      if (kind === "csv") give(name, table(list), "text/csv");
      else give(name, json({ exported_at: new Date().toISOString(), complete: !more, items: list }), "application/json");
      toast({ text: more ? t("history.exported_part", { n: list.length }) : t("history.exported", { n: list.length }), kind: "good" });
    } catch (problem) {
      complain(problem);
    }
    setBusy(false);
  };
  return html`<p class="as-file"><span>${t("file.as")}</span>
    <button type="button" class="quiet" disabled=${busy} onClick=${() => write("csv")}><${Icon} name="copy" />${t("file.csv")}</button>
    <button type="button" class="quiet" disabled=${busy} onClick=${() => write("json")}><${Icon} name="copy" />${t("file.json")}</button></p>`;
}
