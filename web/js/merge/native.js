// Two records of the CRM become one, by the CRM's own merge: which stays, what goes, and that there is no way back. Only where
// an administrator has allowed it.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { go, guardLeaving } from "../router.js";
import { track } from "../written.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { home } from "./paper.js";
import { fetchReview } from "./load.js";
import { Changes } from "./values.js";

/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../types.js").Preview} Preview */

/** @param {Review} keep @param {Review} give body of POST /v1/previews */
const wish = (keep, give) => ({
  contact_id: keep.contact_id, contact_version: keep.contact_version, connection_id: keep.connection.id, choices: [],
  record_id: keep.record?.id, remote_version: keep.record?.version,
  merge: { record_id: give.record?.id, remote_version: give.record?.version },
});

/** Both records as they are now, in the order "stays", "goes", and the plan for that. @param {Review} review @param {string} other */
function usePlan(review, other) {
  const [pair, setPair] = useState(/** @type {[Review, Review] | null} */ (null));
  const [preview, setPreview] = useState(/** @type {Preview | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const ids = [review.record?.id, other];
    Promise.all(ids.map((record) => fetchReview(review.contact_id, { connection: review.connection.id, record })))
      .then(([keep, give]) => setPair([keep, give]), setProblem);
  }, [other]);
  useEffect(() => {
    let here = true;
    setPreview(null);
    if (pair) api.post("/v1/previews", wish(...pair)).then((plan) => here && setPreview(plan), (failed) => here && setProblem(failed));
    return () => { here = false; };
  }, [pair]);
  return { pair, preview, problem, setProblem, swap: () => pair && setPair([pair[1], pair[0]]) };
}

/** @param {{review: Review, other: string, close: () => void}} props */
export function MergeRecords({ review, other, close }) {
  const { pair, preview, problem, setProblem, swap } = usePlan(review, other);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const crm = review.connection.name;
  const commit = async () => {
    if (!pair || !preview || busy) return;
    setBusy(true);
    try {
      track(await api.post("/v1/write-backs", { preview_id: preview.id }, { version: pair[0].contact_version, key: preview.id }));
      guardLeaving(null);
      close();
      go(home(review.contact_id));
    } catch (failed) {
      setBusy(false);
      setProblem(failed);
    }
  };
  return html`<${Dialog} title=${t("native.title", { crm })} close=${close} wide sheet>
    ${problem ? html`<${Trouble} problem=${problem} />` : !pair || !preview ? html`<${Waiting} />` : html`
      <p class="lead">${t("native.lead", { crm })}</p>
      <p><button type="button" onClick=${swap}><${Icon} name="swap" />${t("native.swap")}</button></p>
      ${preview.changes.length ? html`<${Changes} changes=${preview.changes} sides=${[t("native.goes"), t("native.stays")]} />` : html`<p class="notice">${t("native.same")}</p>`}
      <p class="notice warn"><${Icon} name="lock" /><span><strong>${t("reversible.no")}.</strong> ${t("native.for_good", { crm })}</span></p>
      <label class="check"><input type="checkbox" checked=${sure} onChange=${(/** @type {any} */ e) => setSure(e.target.checked)} /><span>${t("native.sure")}</span></label>`}
    <div class="acts end"><button type="button" onClick=${close}>${t("cancel")}</button>
      ${!problem && html`<button type="button" class="danger solid" disabled=${!sure || busy || !preview} onClick=${commit}>${t("native.do")}</button>`}</div>
  <//>`;
}
