// Beside the rows: the one in hand, with its reasons and what would change.
import { percent, t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { label, plain } from "../fields.js";
import { resultOf } from "../merge_state.js";
import { fetchReview } from "../merge/load.js";
import { custodyText } from "../parts/custody.js";
import { CardPicture, cardImage } from "../parts/snippet.js";
import { likely } from "../parts/waterfall.js";
import { Reasons, mergeAddress } from "../screens/contact_verdict.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../types.js").InboxItem} InboxItem */

const CALM = 150; // ms; running through the rows asks no CRM

/** @param {Contact} contact @param {boolean} wanted @returns {Review | null} */
function useReview(contact, wanted) {
  const [review, setReview] = useState(/** @type {Review | null} */ (null));
  useEffect(() => {
    let here = true;
    setReview(null);
    const timer = wanted ? setTimeout(() => fetchReview(contact.id, {}).then((now) => here && setReview(now), () => {}), CALM) : undefined;
    return () => { here = false; clearTimeout(timer); };
  }, [contact.id, contact.version, wanted]);
  return review;
}

/** @param {{review: Review}} props */
function WouldChange({ review }) {
  const differs = review.fields.filter((row) => row.group === "conflict" || row.group === "addition");
  const n = { conflict: differs.filter((row) => row.group === "conflict").length, addition: differs.filter((row) => row.group === "addition").length };
  return html`<h3>${t(review.action === "create" ? "inbox.would_create" : "inbox.would_change", { name: review.connection.name })}</h3>
    <p class="counts">${n.conflict > 0 && html`<span class="badge possible">${t("group.conflict", { n: n.conflict })}</span>`}
      ${n.addition > 0 && html`<span class="badge good">${t("group.addition", { n: n.addition })}</span>`}</p>
    ${differs.length === 0 ? html`<p class="soft">${t("inbox.nothing")}</p>` : html`<dl class="would">${differs.map((row) => html`<div key=${row.field}><dt>${label(row.field)}</dt><dd>${plain(row.field, resultOf(row, {})) || t("value.none")}</dd></div>`)}</dl>`}`;
}

/** @param {{item: InboxItem, accept: () => void, later: () => void, assign: () => void, different: () => void, busy: boolean}} props */
export function Preview({ item, accept, later, assign, different, busy }) {
  const { contact, best: found } = item;
  const off = item.lane === "later";
  const review = useReview(contact, true);
  const { scan_id: scan, card } = contact.source;
  const name = contact.display || t("nameless");
  return html`<aside class="panel inbox-preview" aria-labelledby="preview-title">
    ${scan && html`<${CardPicture} key=${scan + card} image=${cardImage(scan, card)} alt=${t("card.alt", { name })} />`}
    <h2 id="preview-title">${name}</h2>
    <p class="soft">${t("inbox.captured", { when: when(contact.created_at) })}</p>
    ${found ? html`<p class="match"><strong>${found.display}</strong><br /><small>${likely(found.probability)} · ${percent(found.probability)}</small>
      ${custodyText(found.custody) && html`<br /><small>${t("candidate.in", { name: found.connection.name })}, ${custodyText(found.custody)}</small>`}</p><${Reasons} reasons=${found.reasons} most=${4} />` : html`<p>${contact.verdict.sentence}</p>`}
    ${review && html`<${WouldChange} review=${review} />`}
    <div class="preview-acts"><a class="button primary" href=${mergeAddress(contact.id, found || undefined)}>${t("inbox.open")}<kbd aria-hidden="true">↵</kbd></a>
      <button type="button" onClick=${accept} disabled=${busy}>${t("inbox.accept")}<kbd aria-hidden="true">A</kbd></button>
      <button type="button" class="quiet" onClick=${later}>${t(off ? "inbox.not_later" : "inbox.later")}<kbd aria-hidden="true">S</kbd></button>
      <button type="button" class="quiet" onClick=${assign}>${t("inbox.assign")}<kbd aria-hidden="true">G</kbd></button>
      ${found && html`<button type="button" class="quiet" onClick=${different}>${t("candidate.not_same")}<kbd aria-hidden="true">N</kbd></button>`}</div></aside>`;
}
