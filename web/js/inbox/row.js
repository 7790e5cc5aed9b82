// Rows of the inbox: each says enough to decide.
import { api } from "../api.js";
import { percent, t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain } from "../state.js";
import { company, label } from "../fields.js";
import { Icon } from "../parts/icon.js";
import { VerdictBadge } from "../parts/notice.js";
import { Parked } from "../parts/parked.js";
import { Reasons, mergeAddress } from "../screens/contact_verdict.js";
import { best, candidatesOf } from "./load.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */
/** @typedef {import("../types.js").WriteBack} WriteBack */

/** The candidates of a contact, once they are wanted. @param {Contact} contact @param {boolean} wanted @returns {Candidate[] | null} */
export function useCandidates(contact, wanted) {
  const [list, setList] = useState(/** @type {Candidate[] | null} */ (null));
  useEffect(() => {
    let here = true;
    if (wanted && contact.verdict.kind !== "new") candidatesOf(contact).then((found) => here && setList(found), () => {});
    return () => { here = false; };
  }, [wanted, contact.id, contact.version]);
  return list;
}

/** @param {{contact: Contact, current: boolean, eager: boolean, picked: boolean, select: () => void, pick: () => void, accept: () => void, later: () => void, off: boolean}} props */
export function Row({ contact, current, eager, picked, select, pick, accept, later, off }) {
  const found = best(useCandidates(contact, eager || current));
  const name = contact.display || t("nameless");
  return html`<li class=${["inbox-row", current && "current", picked && "picked"].filter(Boolean).join(" ")} data-contact=${contact.id}>
    <label class="pick-row"><input type="checkbox" checked=${picked} onChange=${pick} aria-label=${t("inbox.pick", { name })} /></label>
    <a href=${mergeAddress(contact.id, found || undefined)} onFocus=${select} aria-current=${current ? "true" : undefined}>
      <span class="inbox-who"><strong>${name}</strong><small>${company(contact.contact)}</small></span>
      <span class="inbox-state"><${VerdictBadge} kind=${contact.verdict.kind} />${found && html`<small>${percent(found.probability)}</small>`}</span>
      ${found ? html`<${Reasons} reasons=${found.reasons} most=${2} />` : html`<p class="soft">${contact.verdict.sentence}</p>`}
    </a>
    <div class="row-acts"><button type="button" class="quiet" onClick=${accept} aria-label=${t("inbox.accept_of", { name })}><${Icon} name="check" />${t("inbox.accept_short")}</button>
      <button type="button" class="quiet" onClick=${later} aria-label=${t(off ? "inbox.back_of" : "inbox.later_of", { name })}><${Icon} name="history" />${t(off ? "inbox.not_later" : "inbox.later")}</button></div></li>`;
}

/** A write-back that needs somebody. @param {{one: WriteBack, load: () => void}} props */
export function WriteRow({ one, load }) {
  const [contact, setContact] = useState(/** @type {Contact | null} */ (null));
  useEffect(() => { api.get(`/v1/contacts/${one.contact_id}`).then(setContact, () => {}); }, [one.contact_id]);
  const retry = () => api.post(`/v1/write-backs/${one.id}/retry`).then(load, complain);
  return html`<li class="inbox-row write-row"><a href=${`/app/contacts/${one.contact_id}/merge?conflict=${one.id}`}>
      <span class="inbox-who"><strong>${contact ? contact.display || t("nameless") : "…"}</strong><small>${one.connection.name} · ${when(one.updated_at)}</small></span>
      <p class=${one.state === "waiting" ? "soft" : "bad-text"}>${one.problem?.detail || one.sentence}</p>
      <small>${one.changes.map((change) => label(change.field)).join(", ")}</small></a>
    <div class="write-acts">${one.state === "waiting" && html`<button type="button" onClick=${retry}><${Icon} name="refresh" />${t("inbox.retry")}</button>`}
      <${Parked} one=${one} changed=${load} /></div></li>`;
}
