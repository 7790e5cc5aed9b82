// The sample of a batch: one contact after the other, with what the card says, what the CRM has now, and what would be added.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain } from "../state.js";
import { label, plain } from "../fields.js";
import { resultOf } from "../merge_state.js";
import { fetchReview } from "../merge/load.js";
import { Changes } from "../merge/values.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { CardPicture, cardImage } from "../parts/snippet.js";
import { Reasons, mergeAddress } from "../screens/contact_verdict.js";

/** @typedef {import("../types.js").Batch} Batch */
/** @typedef {import("../types.js").BatchItem} BatchItem */
/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../types.js").Contact} Contact */

const WIDE = matchMedia("(min-width: 720px)");

/** The comparison of one of the sample, with the record as it is now. @param {Batch} batch @param {BatchItem} item */
function usePair(batch, item) {
  const [pair, setPair] = useState(/** @type {{contact: Contact, review: Review} | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  useEffect(() => {
    let here = true;
    setPair(null);
    setProblem(null);
    Promise.all([api.get(`/v1/contacts/${item.contact_id}`), fetchReview(item.contact_id, { connection: batch.connection.id, record: item.record_id })])
      .then(([contact, review]) => here && setPair({ contact, review }), (failed) => here && setProblem(failed));
    return () => { here = false; };
  }, [item.contact_id]);
  return { pair, problem };
}

/** What would change; what is equal is one line that can be opened. @param {{review: Review}} props */
function Rows({ review }) {
  const rows = review.fields.filter((row) => row.group !== "unmapped");
  const equal = rows.filter((row) => row.group === "equal" && plain(row.field, row.crm));
  return html`<${Changes} changes=${rows.filter((row) => row.group !== "equal").map((row) => ({ field: row.field, before: row.crm, after: resultOf(row, {}) }))} />
    <details class="sample-equal" open=${WIDE.matches}><summary>${t("group.equal", { n: equal.length })}</summary>
      <dl class="would">${equal.map((row) => html`<div key=${row.field}><dt>${label(row.field)}</dt><dd>${plain(row.field, row.crm)}</dd></div>`)}</dl></details>`;
}

/** @param {{batch: Batch, item: BatchItem, busy: boolean, judge: (right: boolean) => void}} props */
export function SampleCard({ batch, item, busy, judge }) {
  const { pair, problem } = usePair(batch, item);
  const name = item.display || t("nameless");
  const source = pair?.contact.source;
  return html`<article class="panel sample-card" aria-labelledby="sample-name">
    <h2 id="sample-name" tabindex="-1">${t("batch.sample_of", { n: batch.judged + 1, all: batch.sample })} ${name}</h2>
    <p class="soft">${t("batch.ask", { crm: batch.connection.name })}</p>
    ${problem ? html`<${Trouble} problem=${problem} />` : !pair ? html`<${Waiting} />` : html`<div class="sample-sides">
      ${source?.scan_id && html`<${CardPicture} key=${item.contact_id} image=${cardImage(source.scan_id, source.card)} alt=${t("card.alt", { name })} />`}
      <div>${pair.review.candidate && html`<${Reasons} reasons=${pair.review.candidate.reasons} most=${4} />`}</div></div>
      <${Rows} review=${pair.review} />`}
    <div class="acts"><button type="button" disabled=${busy || !pair} onClick=${() => judge(true)}>${t("batch.right")}<kbd aria-hidden="true">Y</kbd></button>
      <button type="button" class="danger" disabled=${busy || !pair} onClick=${() => judge(false)}>${t("batch.wrong")}<kbd aria-hidden="true">N</kbd></button>
      <a class="quiet button" href=${mergeAddress(item.contact_id)}>${t("inbox.open")}</a></div>
  </article>`;
}

/** Judging, one at a time; the service keeps what was said. @param {Batch} batch @param {(batch: Batch) => void} put */
export function useSample(batch, put) {
  const [items, setItems] = useState(/** @type {BatchItem[]} */ ([]));
  const [busy, setBusy] = useState(false);
  useEffect(() => { api.get(`/v1/batches/${batch.id}/items?sampled=true&limit=20`).then((page) => setItems(page.items), complain); }, [batch.id]);
  const item = items.find((one) => !one.judged) || null;
  /** @param {boolean} right */
  const judge = async (right) => {
    if (!item || busy) return;
    setBusy(true);
    try {
      put(await api.post(`/v1/batches/${batch.id}/judgements`, { contact_id: item.contact_id, right }));
      setItems(items.map((one) => (one === item ? { ...one, judged: right ? "yes" : "no" } : one)));
      requestAnimationFrame(() => document.getElementById("sample-name")?.focus());
    } catch (problem) {
      complain(problem);
    } finally {
      setBusy(false);
    }
  };
  return { item, busy, judge };
}
