// What became of each contact of a batch; those that need somebody can be shown alone.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { label } from "../fields.js";
import { StateBadge } from "../parts/state_badge.js";

/** @typedef {import("../types.js").Batch} Batch */
/** @typedef {import("../types.js").BatchItem} BatchItem */

const PAGE = 50;

/** @param {Batch} batch @param {string} state */
function useItems(batch, state) {
  const [page, setPage] = useState(/** @type {import("../types.js").Page<BatchItem> | null} */ (null));
  const address = `/v1/batches/${batch.id}/items?limit=${PAGE}${state ? `&state=${state}` : ""}`;
  const latest = useRef(() => {});
  latest.current = () => { api.get(address).then(setPage, complain); };
  const calm = useRef(calmly(() => latest.current(), 1000));
  useEffect(() => latest.current(), [address, batch.state]);
  useLive(["batch", "write_back"], (event) => event.type !== "tick" && calm.current());
  const more = () => page?.links.next && api.get(page.links.next).then((next) => setPage({ items: [...page.items, ...next.items], links: next.links }), complain);
  return { page, more };
}

/** @param {{item: BatchItem}} props */
const Row = ({ item }) => html`<li class="batch-row"><a href=${item.state === "conflict" ? `/app/contacts/${item.contact_id}/merge?conflict=${item.write_back_id}` : `/app/contacts/${item.contact_id}`}>
    <strong>${item.display || t("nameless")}</strong> <small>${item.fields.map((field) => label(field)).join(", ")}</small></a>
  ${item.state === "open" || item.state === "left" ? html`<span class="badge">${t(`batch.item_${item.state}`)}</span>` : html`<${StateBadge} state=${item.state} />`}
  ${item.problem && html`<p class="soft">${item.problem.detail}</p>`}</li>`;

/** @param {{batch: Batch}} props */
export function Results({ batch }) {
  const [state, setState] = useState("");
  const { page, more } = useItems(batch, state);
  const shown = /** @type {const} */ (["", "left", "conflict", "refused"]);
  return html`<section aria-labelledby="batch-results"><h2 id="batch-results">${t("batch.results")}</h2>
    <div class="filter"><div><label for="batch-state">${t("history.show")}</label><select id="batch-state" onChange=${(/** @type {any} */ e) => setState(e.target.value)}>
      ${shown.map((one) => html`<option key=${one} value=${one} selected=${one === state}>${one === "" ? t("history.all") : one === "left" ? t("batch.item_left") : t(`write_back.${one}`)}</option>`)}</select></div></div>
    ${page && (page.items.length ? html`<ul class="rows">${page.items.map((item) => html`<${Row} key=${item.contact_id} item=${item} />`)}</ul>` : html`<p class="soft">${t("history.nothing")}</p>`)}
    ${page?.links.next && html`<button type="button" onClick=${more}>${t("more")}</button>`}</section>`;
}
