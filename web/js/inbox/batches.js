// At the top of the obvious lane: the way to write many together, and batches that are open.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { go } from "../router.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").Batch} Batch */
/** @typedef {import("../types.js").Connection} Connection */

const OPEN = ["sampling", "running", "paused", "undoing"];
const RECENT = 3;

/** Batches that are open, and the latest that came to its end today. */
function useBatches() {
  const [list, setList] = useState(/** @type {Batch[]} */ ([]));
  const load = useRef(() => { api.get("/v1/batches?limit=20").then((page) => setList(page.items), () => {}); });
  const calm = useRef(calmly(load.current, 1000));
  useEffect(load.current, []);
  useLive(["batch"], (event) => event.type !== "tick" && calm.current());
  const today = new Date().setHours(0, 0, 0, 0);
  return list.filter((one) => OPEN.includes(one.state) || (one.written > 0 && Date.parse(one.created_at) >= today)).slice(0, RECENT);
}

/** @param {{batch: Batch}} props */
const Line = ({ batch }) => html`<li><a href=${`/app/batches/${batch.id}`}><span><strong>${batch.connection.name}</strong> ${t("batch.line", { n: batch.written, all: batch.total })}
  <small>${batch.sentence}</small></span><${Icon} name="right" /></a></li>`;

/** Where a person may write; asked once. */
function useTargets() {
  const [targets, setTargets] = useState(/** @type {Connection[]} */ ([]));
  useEffect(() => { api.get("/v1/connections").then((page) => setTargets(page.items.filter((/** @type {Connection} */ one) => one.policy === "confirm" || one.policy === "fill")), () => {}); }, []);
  return targets;
}

/** @param {{few: boolean}} props few: the lane is not worth it */
export function Together({ few }) {
  const batches = useBatches();
  const targets = useTargets();
  const [busy, setBusy] = useState(false);
  /** @param {string} connection */
  const begin = async (connection) => {
    setBusy(true);
    try {
      const batch = await api.post("/v1/batches", { connection_id: connection });
      go(`/app/batches/${batch.id}`);
    } catch (problem) {
      complain(problem);
    } finally {
      setBusy(false);
    }
  };
  if (!batches.length && (few || !targets.length)) return null;
  return html`<div class="together">${!few && targets.map((one) => html`<button key=${one.id} type="button" disabled=${busy} onClick=${() => begin(one.id)}><${Icon} name="check" />${t("batch.begin", { crm: one.name })}</button>`)}
    ${batches.length > 0 && html`<ul class="together-lines">${batches.map((batch) => html`<${Line} key=${batch.id} batch=${batch} />`)}</ul>`}</div>`;
}
