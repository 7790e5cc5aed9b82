// Another record than the one that was taken for the same person: any candidate, any that the CRM finds, or none of them.
import { api } from "../api.js";
import { percent, t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain } from "../state.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { mergeAddress } from "../screens/contact_verdict.js";

/** @typedef {import("../types.js").Candidate} Candidate */

/** @param {{href: string, current: boolean, name: string, text: string, icon: string, close: () => void, merge?: (() => void) | null}} props */
const Choice = ({ href, current, name, text, icon, close, merge }) => html`<li><a href=${href} onClick=${close} aria-current=${current ? "true" : undefined}>
  <span><strong>${name}</strong><small>${text}${current ? ` · ${t("other.this")}` : ""}</small></span><${Icon} name=${current ? "check" : icon} /></a>
  ${merge && html`<button type="button" class="quiet" onClick=${merge} aria-label=${t("native.with", { name })}><${Icon} name="merge" />${t("native.open")}</button>`}</li>`;

/** Any record of the CRM. @param {{loaded: import("./load.js").Loaded, close: () => void}} props */
function Search({ loaded: { contact, review, candidates }, close }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(/** @type {import("../types.js").FoundRecord[] | null} */ (null));
  const known = new Set(candidates.map((one) => one.record_id));
  /** @param {Event} event */
  const ask = (event) => {
    event.preventDefault();
    if (text.trim().length > 1) api.get(`/v1/connections/${review.connection.id}/records?${new URLSearchParams({ q: text.trim() })}`).then((page) => setFound(page.items), complain);
  };
  const more = (found || []).filter((one) => !known.has(one.record_id));
  return html`<form class="inline-search" role="search" onSubmit=${ask}><label class="sr" for="record-search">${t("other.search", { crm: review.connection.name })}</label>
      <input id="record-search" type="search" maxlength="200" autocomplete="off" value=${text} placeholder=${t("other.search", { crm: review.connection.name })} onInput=${(/** @type {any} */ e) => setText(e.target.value)} />
      <button type="submit"><${Icon} name="search" />${t("search")}</button></form>
    <p class="soft" role="status">${found ? t("other.found", { n: more.length }) : ""}</p>
    ${more.length > 0 && html`<ul class="rows pick-list found">${more.map((one) => html`<${Choice} key=${one.record_id} href=${mergeAddress(contact.id, /** @type {any} */ ({ ...one, connection: review.connection }))}
      current=${one.record_id === review.record?.id} name=${one.display} text=${review.connection.kind === "address_book" ? review.connection.name : one.remote_id} icon="right" close=${close} />`)}</ul>`}`;
}

/** @param {{loaded: import("./load.js").Loaded, merge: (record: string) => void, close: () => void}} props */
export function OtherRecord({ loaded, merge, close }) {
  const { contact, review, candidates } = loaded;
  /** The CRM may merge it with the one that is looked at. @param {Candidate} one */
  const mergeable = (one) => review.connection.native_merge && review.record && one.connection.id === review.connection.id && one.record_id !== review.record.id;
  /** @param {Candidate} one */
  const said = (one) => [one.connection.name, percent(one.probability), one.decided === "different" && t("candidate.different")].filter(Boolean).join(" · ");
  return html`<${Dialog} title=${t("other.title")} close=${close}>
    <p class="soft">${t("other.text")}</p>
    <ul class="rows pick-list">${candidates.map((one) => html`<${Choice} key=${one.id} href=${mergeAddress(contact.id, one)} current=${one.record_id === review.record?.id} name=${one.display} text=${said(one)} icon="right" close=${close} merge=${mergeable(one) ? () => merge(one.record_id) : null} />`)}
      <${Choice} href=${mergeAddress(contact.id, undefined, true)} current=${review.action === "create"} name=${t("candidate.create")} text=${t("other.create")} icon="plus" close=${close} /></ul>
    <${Search} loaded=${loaded} close=${close} />
  <//>`;
}
