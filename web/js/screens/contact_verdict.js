// Whether the CRM has the person: the candidates with their three strongest reasons, and what can be done about it.
import { api } from "../api.js";
import { percent, t } from "../i18n.js";
import { html } from "../ui.js";
import { complain, toast } from "../state.js";
import { Icon } from "../parts/icon.js";
import { likely } from "../parts/waterfall.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */

const REASONS = 3;

/** @param {string} contact @param {Candidate} [candidate] @param {boolean} [create] */
export function mergeAddress(contact, candidate, create) {
  const query = candidate ? `?connection=${candidate.connection.id}&record=${candidate.record_id}` : create ? "?create=true" : "";
  return `/app/contacts/${contact}/merge${query}`;
}

/** @param {{reasons: import("../types.js").Reason[], most?: number}} props */
export const Reasons = ({ reasons, most = REASONS }) => html`<ul class="reasons">${reasons.slice(0, most).map((reason) => html`<li key=${reason.field} class=${reason.weight < 0 ? "against" : "for"}>
  <span class="sign" aria-hidden="true">${reason.weight < 0 ? "−" : "+"}</span><span class="sr">${t(reason.weight < 0 ? "reason.against" : "reason.for")}</span>${reason.sentence}</li>`)}</ul>`;

/** @param {Candidate} candidate @param {number} version of the contact @param {boolean} same */
export const decide = (candidate, version, same) => api.post(`/v1/candidates/${candidate.id}/decision`, { same }, { version });

/** @param {Candidate[]} candidates those that may still be the person, the strongest first */
const open = (candidates) => candidates.filter((one) => one.decided !== "different");

/** Decided already: written, or on its way. @param {Contact} contact */
const settled = (contact) => contact.state === "written" || contact.state === "confirmed";

/** @param {{contact: Contact, candidate: Candidate, first: boolean, changed: () => void}} props */
function CandidateCard({ contact, candidate, first, changed }) {
  const back = () => api.get(`/v1/contacts/${contact.id}`).then((now) => decide(candidate, now.version, true)).then(changed, complain);
  /** @param {boolean} same */
  const decided = (same) => decide(candidate, contact.version, same).then(() => {
    toast(same ? { text: t("candidate.reopened"), kind: "good" } : { text: t("candidate.different_done"), kind: "good", label: t("undo"), act: back });
    changed();
  }, complain);
  const no = candidate.decided === "different";
  if (no) return html`<li class="candidate no"><p class="candidate-name"><strong>${candidate.display}</strong><small>${t("candidate.different")}</small></p>
    <button type="button" class="link" onClick=${() => decided(true)}>${t("candidate.reopen")}</button></li>`;
  if (!first) return html`<li><a class="other-candidate" href=${mergeAddress(contact.id, candidate)}><span><strong>${candidate.display}</strong>
    <small>${likely(candidate.probability)} · ${percent(candidate.probability)}</small></span><${Icon} name="right" /></a></li>`;
  return html`<li class="candidate">
    <p class="candidate-name"><strong>${candidate.display}</strong><small>${t("candidate.in", { name: candidate.connection.name })}</small></p>
    <p class="candidate-likely">${likely(candidate.probability)} <span class="soft">· ${percent(candidate.probability)}</span></p>
    <${Reasons} reasons=${candidate.reasons} />
    <div class="acts">${settled(contact)
      ? html`<a class="button" href=${mergeAddress(contact.id, candidate)}><${Icon} name="merge" />${t("candidate.again")}</a>`
      : html`<a class="button primary" href=${mergeAddress(contact.id, candidate)}><${Icon} name="merge" />${t("candidate.merge")}</a>
      <button type="button" onClick=${() => decided(false)}>${t("candidate.not_same")}</button>`}</div>
  </li>`;
}

/** @param {{contact: Contact, candidates: Candidate[], changed: () => void}} props */
export function VerdictPanel({ contact, candidates, changed }) {
  const left = open(candidates);
  const checking = contact.verdict.kind === "checking";
  const done = settled(contact);
  return html`<section class=${`panel verdict ${contact.verdict.kind}`} aria-labelledby="verdict-title">
    <h2 id="verdict-title">${t("verdict.title")}</h2>
    ${done && html`<p class="notice good"><${Icon} name="check" /><span>${t(contact.state === "written" ? "verdict.written" : "verdict.on_its_way")} <a href="/app/history">${t("verdict.history")}</a></span></p>`}
    ${!left.length && !done && html`<p class="verdict-sentence">${checking && html`<span class="spinner" aria-hidden="true"></span>`}${contact.verdict.sentence}</p>`}
    ${candidates.length > 0 && html`<ul class="candidates">${candidates.map((one) => html`<${CandidateCard} key=${one.id} contact=${contact} candidate=${one} first=${one === left[0]} changed=${changed} />`)}</ul>`}
    ${!contact.deleted_at && !checking && !done && html`<div class="acts"><a class=${left.length ? "button" : "button primary"} href=${mergeAddress(contact.id, undefined, true)}><${Icon} name="plus" />${t("candidate.create")}</a></div>`}
    ${!done && html`<p class="verdict-note"><small>${t("verdict.nothing_yet")}</small></p>`}
  </section>`;
}

/** In thumb reach on phones: the one next step. @param {{contact: Contact, candidates: Candidate[]}} props */
export function NextStep({ contact, candidates }) {
  const best = open(candidates)[0];
  if (contact.verdict.kind === "checking" || settled(contact)) return null;
  return html`<div class="next-step"><a class="button primary" href=${mergeAddress(contact.id, best, !best)}><${Icon} name=${best ? "merge" : "plus"} />
    <span>${t(best ? "next.merge" : "next.create")}<small>${best ? best.display : t("next.nobody")}</small></span></a></div>`;
}
