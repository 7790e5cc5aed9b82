// Whether the CRM has the person: the candidates with their three strongest reasons, and what can be done about it.
import { api } from "../api.js";
import { percent, t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, session, toast } from "../state.js";
import { confidenceWord, label, rowsOf } from "../fields.js";
import { Assign, change } from "../inbox/desk.js";
import { custodyText } from "../parts/custody.js";
import { Icon } from "../parts/icon.js";
import { likely } from "../parts/waterfall.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */

const REASONS = 3;
const SIGNS_ASKED = 3; // addresses and numbers by which others are looked for
const MET_SHOWN = 3;

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

/** What a role may do here: reporters decide about no duplicate. */
const decides = () => session.value?.user.role !== "reporter";

/** Never by colour alone. @type {Record<string, string>} */
const SIGNS = { exists: "●", possible: "◐", new: "○", checking: "…" };
const fold = (/** @type {string | null | undefined} */ text) => (text || "").toLocaleLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");

/** @typedef {{kind: string, who: string, about: string}} Found */

/** The strongest of those that may still be it. @param {Candidate[]} candidates @param {boolean} checking @returns {Found} */
function found(candidates, checking) {
  const [best] = candidates;
  if (!best) return { kind: checking ? "checking" : "new", who: "", about: "" };
  const kind = best.decided === "same" || best.band === "obvious" ? "exists" : "possible";
  const about = [t("line.about", { name: best.connection.name, when: when(best.fetched_at) }), custodyText(best.custody)];
  return { kind, who: best.display, about: about.filter(Boolean).join(", ") };
}

/** @param {Contact} contact @param {Candidate[]} left @param {boolean} checking @returns {Found | null} null: the card names no company */
function foundCompany({ contact }, left, checking) {
  const name = contact.organization;
  if (!name) return null;
  const there = left.filter((one) => fold(one.organization) === fold(name));
  if (!there.length) return { kind: checking ? "checking" : "new", who: name, about: t("line.company_new") };
  return { kind: "exists", who: /** @type {string} */ (there[0].organization), about: t("line.company", { n: there.length }) };
}

/** @param {{name: string, line: Found}} props */
const Line = ({ name, line }) => html`<li class=${`verdict-line ${line.kind}`}><span class="line-sign" aria-hidden="true">${SIGNS[line.kind]}</span>
  <span><strong>${name}: ${t(line.kind === "checking" ? "line.checking" : `verdict.${line.kind}`)}</strong>${line.who && html` <span class="line-who">${line.who}</span>`}${line.about && html`<small>${line.about}</small>`}</span></li>`;

/** Lead, contact, company: each with sign and word. @param {{contact: Contact, left: Candidate[]}} props */
function Lines({ contact, left }) {
  const checking = contact.verdict.kind === "checking";
  const company = foundCompany(contact, left, checking);
  return html`<ul class="verdict-lines">
    <${Line} name=${t("line.lead")} line=${found(left.filter((one) => one.record_kind === "lead"), checking)} />
    <${Line} name=${t("line.contact")} line=${found(left.filter((one) => one.record_kind === "person"), checking)} />
    ${company && html`<${Line} name=${t("line.company_name")} line=${company} />`}</ul>`;
}

/** The record as the CRM has it now: what would be filled, or that it does not answer. @param {Contact} contact @param {Candidate} candidate @returns {import("../types.js").Review | "away" | null} */
function useOutlook(contact, candidate) {
  const [outlook, setOutlook] = useState(/** @type {import("../types.js").Review | "away" | null} */ (null));
  const wanted = decides() && !settled(contact);
  useEffect(() => {
    if (!wanted) return;
    let here = true;
    api.get(`/v1/contacts/${contact.id}/review?connection=${candidate.connection.id}&record=${candidate.record_id}`, { stay: true })
      .then((one) => here && setOutlook(one), (problem) => here && problem.status !== 404 && setOutlook("away"));
    return () => { here = false; };
  }, [candidate.id, contact.version, wanted]);
  return outlook;
}

/** @param {{contact: Contact, candidate: Candidate}} props */
function Filling({ contact, candidate }) {
  const outlook = useOutlook(contact, candidate);
  if (!outlook) return null;
  if (outlook === "away") return html`<p class="outlook"><${Icon} name="pause" /><span>${t("line.away")}</span></p>`;
  const fill = outlook.fields.filter((one) => one.group === "addition").map((one) => label(one.field));
  const clash = outlook.fields.filter((one) => one.group === "conflict").map((one) => label(one.field));
  return html`<p class="outlook"><${Icon} name="plus" /><span>${fill.length ? t("outlook.fills", { fields: fill.join(", ") }) : t("outlook.nothing")}
    ${clash.length > 0 && html` ${t("outlook.clash", { fields: clash.join(", ") })}`}</span></p>`;
}

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
    <${Filling} contact=${contact} candidate=${candidate} />
    ${decides() && html`<div class="acts">${settled(contact)
      ? html`<a class="button" href=${mergeAddress(contact.id, candidate)}><${Icon} name="merge" />${t("candidate.again")}</a>`
      : html`<a class="button primary" href=${mergeAddress(contact.id, candidate)}><${Icon} name="merge" />${t("candidate.merge")}</a>
      <button type="button" onClick=${() => decided(false)}>${t("candidate.not_same")}</button>`}</div>`}
  </li>`;
}

/** @typedef {{others: Contact[], people: import("../types.js").Colleague[]}} Met */

/** Captured already, by oneself or by others, as far as one may see their lists: whoever has its name and one of its addresses or numbers. @param {Contact} contact @returns {Met} */
function useMet(contact) {
  const [met, setMet] = useState(/** @type {Met} */ ({ others: [], people: [] }));
  const signs = [...(contact.contact.emails || []), ...(contact.contact.phones || [])].map((one) => one.value).slice(0, SIGNS_ASKED);
  /** Colleagues share a number: only a name makes it the same person. @param {Contact} one */
  const sameName = (one) => fold(one.contact.family_name) === fold(contact.contact.family_name);
  /** @param {string} path @returns {Promise<any[]>} none where one may not ask, or there is no network */
  const items = (path) => api.get(path, { stay: true }).then((page) => page.items, () => []);
  const look = async () => {
    const pages = await Promise.all(signs.map((sign) => items(`/v1/contacts?limit=10&q=${encodeURIComponent(sign)}`)));
    const found = new Map(pages.flat().filter((one) => one.id !== contact.id && !one.source.suggested_at && sameName(one)).map((one) => [one.id, one]));
    setMet({ others: [...found.values()], people: found.size ? await items("/v1/colleagues") : [] });
  };
  useEffect(() => { look(); }, [contact.id, signs.join()]);
  return met;
}

/** @param {{contact: Contact}} props */
function Met({ contact }) {
  const { others, people } = useMet(contact);
  if (!others.length) return null;
  /** @param {Contact} one */
  const by = (one) => (one.owner_id === session.value?.user.id ? t("met.you") : people.find((other) => other.id === one.owner_id)?.name || t("list.someone"));
  return html`<ul class="met">${others.slice(0, MET_SHOWN).map((one) => html`<li key=${one.id}><a href=${`/app/contacts/${one.id}`}><${Icon} name="people" /><span>${t("met.by", { who: by(one), when: when(one.created_at) })}
    ${one.source.fair && html`<small>${one.source.fair.name}</small>`}</span></a></li>`)}</ul>`;
}

/** To somebody in the back office; whoever may not decide leaves it to those who share the list. @param {{contact: Contact, changed: () => void}} props */
function HandOver({ contact, changed }) {
  const [asking, setAsking] = useState(false);
  /** @param {string} user */
  const give = (user) => change(contact.id, { assignee_id: user }).then(() => { toast({ text: t("hand.done"), kind: "good" }); changed(); }, complain);
  if (!decides()) return html`<p class="verdict-note"><small>${t("hand.reporter")}</small></p>`;
  return html`<button type="button" class="quiet" onClick=${() => setAsking(true)}><${Icon} name="people" />${t("hand.give")}</button>
    ${asking && html`<${Assign} n=${1} close=${() => setAsking(false)} put=${(/** @type {string} */ user) => { setAsking(false); give(user); }} />`}`;
}

/** @param {{contact: Contact, candidates: Candidate[], changed: () => void}} props */
export function VerdictPanel({ contact, candidates, changed }) {
  const left = open(candidates);
  const checking = contact.verdict.kind === "checking";
  const done = settled(contact);
  return html`<section class=${`panel verdict ${contact.verdict.kind}`} aria-labelledby="verdict-title">
    <h2 id="verdict-title">${t("verdict.title")}</h2>
    ${done && html`<p class="notice good"><${Icon} name="check" /><span>${t(contact.state === "written" ? "verdict.written" : "verdict.on_its_way")} <a href="/app/history">${t("verdict.history")}</a></span></p>`}
    <${Met} contact=${contact} />
    ${!done && html`<${Lines} contact=${contact} left=${left} />`}
    ${candidates.length > 0 && html`<ul class="candidates">${candidates.map((one) => html`<${CandidateCard} key=${one.id} contact=${contact} candidate=${one} first=${one === left[0]} changed=${changed} />`)}</ul>`}
    ${!contact.deleted_at && !done && html`<div class="acts choices-acts">${!checking && decides() && html`<a class=${left.length ? "button" : "button primary"} href=${mergeAddress(contact.id, undefined, true)}><${Icon} name="plus" />${t("candidate.create")}</a>`}
      <${HandOver} contact=${contact} changed=${changed} /></div>`}
    ${!done && html`<p class="verdict-note"><small>${t("verdict.nothing_yet")}</small></p>`}
  </section>`;
}

/** Nothing on it is in doubt, and nobody has looked at it yet. @param {Contact} contact */
const clean = (contact) => !contact.checked_at && !settled(contact) && contact.claims.length > 0 && rowsOf(contact.contact, contact.claims).every((row) => row.byHand || confidenceWord(row.confidence) !== "doubtful");

/** Right as it was read: one tap, with a way back. @param {{contact: Contact, changed: (contact: Contact) => void}} props */
function Confirm({ contact, changed }) {
  /** @param {Contact} from @param {boolean} checked @returns {Promise<Contact>} */
  const put = (from, checked) => api.post(`/v1/contacts/${from.id}/check`, { checked }, { version: from.version });
  const confirm = () => put(contact, true).then((now) => {
    changed(now);
    toast({ text: t("check.done", { name: now.display || t("nameless") }), kind: "good", label: t("undo"), act: () => put(now, false).then(changed, complain) });
  }, complain);
  return html`<button type="button" class="button primary" onClick=${confirm}><${Icon} name="check" /><span>${t("check.confirm")}<small>${t("check.confirm_text")}</small></span></button>`;
}

/** In thumb reach on phones: the one next step. @param {{contact: Contact, candidates: Candidate[], changed: (contact: Contact) => void}} props */
export function NextStep({ contact, candidates, changed }) {
  const best = open(candidates)[0];
  if (clean(contact)) return html`<div class="next-step always"><${Confirm} contact=${contact} changed=${changed} /></div>`;
  if (contact.checked_at && !settled(contact)) return html`<div class="next-step"><div class="next-two"><a class="button" href="/"><${Icon} name="camera" /><span>${t("check.next")}</span></a>
    ${decides() && contact.verdict.kind !== "checking" && html`<a class="button primary" href=${mergeAddress(contact.id, best, !best)}><${Icon} name=${best ? "merge" : "plus"} /><span>${t(best ? "check.fill" : "candidate.create")}</span></a>`}</div></div>`;
  if (contact.verdict.kind === "checking" || settled(contact) || !decides()) return null;
  return html`<div class="next-step"><a class="button primary" href=${mergeAddress(contact.id, best, !best)}><${Icon} name=${best ? "merge" : "plus"} />
    <span>${t(best ? "next.merge" : "next.create")}<small>${best ? best.display : t("next.nobody")}</small></span></a></div>`;
}
