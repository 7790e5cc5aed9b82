// Rows of the inbox: each says enough to decide.
import { api } from "../api.js";
import { locale, percent, t, when } from "../i18n.js";
import { html, memo, useEffect, useState } from "../ui.js";
import { complain } from "../state.js";
import { company, label } from "../fields.js";
import { Icon } from "../parts/icon.js";
import { VerdictBadge } from "../parts/notice.js";
import { Parked } from "../parts/parked.js";
import { useSwipe } from "../parts/swipe.js";
import { Reasons, mergeAddress } from "../screens/contact_verdict.js";
import { dayText } from "./desk.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").InboxItem} InboxItem */
/** @typedef {import("../types.js").WriteBack} WriteBack */

/** What would change, in two numbers. @param {{item: InboxItem}} props */
const Tally = ({ item }) => item.best && html`<span class="tally">${item.additions > 0 && html`<span>${t("inbox.n_additions", { n: item.additions })}</span>`}
  ${item.conflicts > 0 && html`<span class="warn-text">${t("inbox.n_conflicts", { n: item.conflicts })}</span>`}</span>`;

const AGES = /** @type {const} */ ([["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]]);

/** How long ago, in the largest unit that fits. @param {string} text RFC 3339 @param {number} [now] */
export function age(text, now = Date.now()) {
  const past = Math.max(0, now - Date.parse(text));
  const [unit, ms] = AGES.find(([, one]) => past >= one) || AGES[2];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-Math.floor(past / ms), unit);
}

/** Where it comes from and since when, who takes care of it, until when it was put off. @param {{item: InboxItem}} props */
function Facts({ item: { contact, owner, assignee, postponed_until: until, lane } }) {
  const before = [contact.source.fair?.name, owner.name].filter(Boolean);
  const behind = [assignee && t("inbox.with", { name: assignee.name || t("nameless") }), until && lane === "later" && t("inbox.until", { day: dayText(until) })].filter(Boolean);
  return html`<small class="inbox-facts">${before.map((one) => `${one} · `)}<time dateTime=${contact.created_at} title=${when(contact.created_at)}>${age(contact.created_at)}</time>${behind.map((one) => ` · ${one}`)}</small>`;
}

/** What a row can do: always the same functions, so that a key draws only the rows that it changes. @typedef {{select: (item: InboxItem) => void, pick: (item: InboxItem) => void, accept: (item: InboxItem) => void, later: (item: InboxItem) => void}} Acts */

/** place, size: which one of how many it is; gap: room before it, for rows that are not drawn. @type {(props: {item: InboxItem, current: boolean, picked: boolean, acts: Acts, place: number, size: number, gap: number}) => any} */
export const Row = memo(({ item, current, picked, acts, place, size, gap }) => {
  const { contact, best: found } = item;
  const name = contact.display || t("nameless");
  const off = item.lane === "later";
  const swipe = useSwipe({ right: () => acts.accept(item), left: () => acts.later(item) });
  return html`<li ...${swipe} data-right=${t("inbox.accept_short")} data-left=${t(off ? "inbox.not_later" : "inbox.later")} class=${["inbox-row swipes", current && "current", picked && "picked"].filter(Boolean).join(" ")} data-contact=${contact.id} aria-posinset=${place} aria-setsize=${size} style=${{ marginTop: gap ? `${gap}px` : "" }}>
    <label class="pick-row"><input type="checkbox" checked=${picked} onChange=${() => acts.pick(item)} aria-label=${t("inbox.pick", { name })} /></label>
    <a href=${mergeAddress(contact.id, found || undefined)} onFocus=${() => acts.select(item)} aria-current=${current ? "true" : undefined}>
      <span class="inbox-who"><strong>${name}</strong><small>${company(contact.contact)}</small></span>
      <span class="inbox-state"><${VerdictBadge} kind=${contact.verdict.kind} />${found && html`<small>${percent(found.probability)}</small>`}</span>
      ${found ? html`<${Reasons} reasons=${found.reasons} most=${2} />` : html`<p class="soft">${contact.verdict.sentence}</p>`}
      <span class="inbox-foot"><${Facts} item=${item} /><${Tally} item=${item} /></span>
    </a>
    <div class="row-acts"><button type="button" class="quiet" onClick=${() => acts.accept(item)} aria-label=${t("inbox.accept_of", { name })}><${Icon} name="check" />${t("inbox.accept_short")}</button>
      <button type="button" class="quiet" onClick=${() => acts.later(item)} aria-label=${t(off ? "inbox.back_of" : "inbox.later_of", { name })}><${Icon} name="history" />${t(off ? "inbox.not_later" : "inbox.later")}</button></div></li>`;
});

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
