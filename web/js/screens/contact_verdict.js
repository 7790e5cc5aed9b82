// Whether the CRM has the person: the candidates with their three strongest reasons, and what can be done about it.
import { api } from "../api.js";
import { percent, t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
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

/** @param {{contact: Contact, candidate: Candidate, changed: () => void}} props */
function CandidateCard({ contact, candidate, changed }) {
  /** @param {boolean} same */
  const decided = (same) => decide(candidate, contact.version, same).then(() => {
    toast({ text: t(same ? "candidate.reopened" : "candidate.different_done"), kind: "good" });
    changed();
  }, complain);
  const no = candidate.decided === "different";
  return html`<li class=${no ? "candidate no" : "candidate"}>
    <p class="candidate-name"><strong>${candidate.display}</strong><small>${t("candidate.in", { name: candidate.connection.name })}</small></p>
    <p class="soft">${likely(candidate.probability)} · ${percent(candidate.probability)}</p>
    <${Reasons} reasons=${candidate.reasons} />
    ${no
      ? html`<p class="soft">${t("candidate.different")}</p><button type="button" onClick=${() => decided(true)}>${t("candidate.reopen")}</button>`
      : html`<div class="acts"><a class="button primary" href=${mergeAddress(contact.id, candidate)}><${Icon} name="merge" />${t("candidate.merge")}</a>
        <button type="button" onClick=${() => decided(false)}>${t("candidate.not_same")}</button></div>`}
  </li>`;
}

/** @param {{contact: Contact, load: () => void}} props */
export function VerdictPanel({ contact, load }) {
  const [candidates, setCandidates] = useState(/** @type {Candidate[]} */ ([]));
  const fetch = () => api.get(`/v1/contacts/${contact.id}/candidates`).then((page) => setCandidates(page.items), complain);
  useEffect(() => { fetch(); }, [contact.id, contact.version, contact.state]);
  const changed = () => { fetch(); load(); };
  const open = candidates.filter((one) => one.decided !== "different");
  return html`<section class="panel verdict" aria-labelledby="verdict-title">
    <h2 id="verdict-title">${t("verdict.title")}</h2>
    <p>${contact.verdict.sentence}</p>
    ${contact.verdict.kind === "checking" && html`<progress aria-label=${t("verdict.checking")} />`}
    ${candidates.length > 0 && html`<ul class="candidates">${candidates.map((one) => html`<${CandidateCard} key=${one.id} contact=${contact} candidate=${one} changed=${changed} />`)}</ul>`}
    ${!contact.deleted_at && html`<div class="acts"><a class=${open.length ? "button" : "button primary"} href=${mergeAddress(contact.id, undefined, true)}><${Icon} name="plus" />${t("candidate.create")}</a></div>`}
    <p><small>${t("verdict.nothing_yet")}</small></p>
  </section>`;
}
