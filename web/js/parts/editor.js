// Edits one field of a contact, whatever its shape; used where cards are reviewed and where an own value is chosen.
import { html, useEffect, useRef, useState } from "../ui.js";
import { t } from "../i18n.js";
import { ADDRESS_PARTS, FIELDS, KINDS, empty, label } from "../fields.js";
import { Icon } from "./icon.js";

/** @type {Record<string, {type: string, mode: string}>} the right keyboard on phones */
const INPUTS = { emails: { type: "email", mode: "email" }, phones: { type: "tel", mode: "tel" }, urls: { type: "text", mode: "url" } };

/** @param {string} field @returns {any} */
const fresh = (field) => (field === "addresses" ? {} : field === "urls" ? { value: "" } : { value: "", kind: "work" });

/** @param {string} field @param {any} items @returns {any} without what is empty */
function clean(field, items) {
  if (FIELDS[field] === "text") return items.trim() || null;
  const filled = items.filter((/** @type {any} */ item) => (field === "addresses" ? Object.values(item).some(Boolean) : item.value.trim()));
  return filled.map((/** @type {any} */ item) => {
    if (field !== "addresses") return { ...item, value: item.value.trim(), ...(field === "phones" ? { raw: item.raw || item.value.trim() } : {}) };
    return Object.fromEntries(ADDRESS_PARTS.map((part) => [part, (item[part] || "").trim() || null]));
  });
}

/** @param {{field: string, item: any, change: (item: any) => void, id: string}} props */
function ValueInput({ field, item, change, id }) {
  if (field === "addresses")
    return html`<div class="address-inputs">${ADDRESS_PARTS.map((part) => html`<div key=${part} class=${part}>
      <label for=${`${id}-${part}`}>${t(`address.${part}`)}</label>
      <input id=${`${id}-${part}`} value=${item[part] || ""} maxlength=${part === "country" ? 2 : 200} autocomplete="off"
        onInput=${(/** @type {any} */ e) => change({ ...item, [part]: part === "country" ? e.target.value.toUpperCase() : e.target.value })} /></div>`)}</div>`;
  const kinds = field === "phones" || field === "emails";
  return html`<div class="value-inputs">
    <input id=${id} type=${INPUTS[field].type} inputmode=${INPUTS[field].mode} value=${item.value} aria-label=${label(field)} autocomplete="off" maxlength="500"
      onInput=${(/** @type {any} */ e) => change(field === "phones" ? { kind: item.kind, value: e.target.value } : { ...item, value: e.target.value })} />
    ${kinds && html`<select aria-label=${t("kind")} onChange=${(/** @type {any} */ e) => change({ ...item, kind: e.target.value })}>
      ${KINDS.map((kind) => html`<option key=${kind} value=${kind} selected=${kind === (item.kind || "work")}>${t(`kind.${kind}`)}</option>`)}</select>`}
  </div>`;
}

/** @param {{field: string, items: any[], set: (items: any[]) => void}} props */
function Several({ field, items, set }) {
  return html`<div class="several">
    ${items.map((item, i) => html`<div class="one" key=${i}>
      <${ValueInput} field=${field} item=${item} id=${`edit-${field}-${i}`} change=${(/** @type {any} */ now) => set(items.map((old, k) => (k === i ? now : old)))} />
      <button type="button" class="quiet round" aria-label=${t("remove_value", { n: i + 1 })} onClick=${() => set(items.filter((_, k) => k !== i))}><${Icon} name="close" /></button>
    </div>`)}
    <button type="button" class="quiet" onClick=${() => set([...items, fresh(field)])}><${Icon} name="plus" />${t("add_value")}</button>
  </div>`;
}

/** @param {{field: string, value: any, save: (value: any) => void, cancel: () => void, busy?: boolean}} props */
export function Editor({ field, value, save, cancel, busy }) {
  const text = FIELDS[field] === "text";
  const [now, setNow] = useState(empty(value) ? (text ? "" : [fresh(field)]) : value);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useEffect(() => /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("input"))?.focus(), []);
  return html`<form ref=${form} class="editor" noValidate
    onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); save(clean(field, now)); }}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); cancel(); } }}>
    ${text
      ? html`<input value=${now} aria-label=${label(field)} maxlength="500" autocomplete="off" onInput=${(/** @type {any} */ e) => setNow(e.target.value)} />`
      : html`<${Several} field=${field} items=${now} set=${setNow} />`}
    <div class="acts"><button type="submit" class="primary" disabled=${busy}>${t("take")}</button>
      <button type="button" onClick=${cancel}>${t("cancel")}</button></div>
  </form>`;
}
