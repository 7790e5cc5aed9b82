// One row of a field mapping: our place with samples, the CRM's field with what it takes, and what speaks against it.
import { number, t } from "../i18n.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";
import { placeName } from "./place.js";

/** @typedef {import("../types.js").MappingFinding} Finding */
/** @typedef {import("../types.js").RemoteField} RemoteField */

export const FIELDS_LIST = "remote-fields";

/** The names of all fields, once for all inputs. @param {{fields: RemoteField[]}} props */
export const FieldNames = ({ fields }) => html`<datalist id=${FIELDS_LIST}>${fields.map((one) => html`<option key=${one.name} value=${one.name}>${one.label && one.label !== one.name ? one.label : undefined}</option>`)}</datalist>`;

/** @param {{findings: Finding[], id?: string}} props */
export const Findings = ({ findings, id }) => html`<ul class="findings" id=${id}>${findings.map((one, i) => html`<li key=${i} class=${one.error ? "no" : "warn"}>
  <${Icon} name="alert" /><span><strong>${t(one.error ? "mapping.error" : "mapping.warning")}:</strong> ${one.sentence}</span></li>`)}</ul>`;

/** Type, length and kind of a field in words. @param {RemoteField} field */
function about(field) {
  const parts = [t(`remote_type.${field.type}`)];
  if (field.length) parts.push(t("mapping.length", { n: field.length }));
  if (field.choices.length) parts.push(t("mapping.choices", { n: field.choices.length }));
  if (field.custom) parts.push(t("mapping.custom"));
  if (field.required) parts.push(t("mapping.required"));
  return [field.label !== field.name && field.label, parts.join(", ")].filter(Boolean).join(": ");
}

/** @param {{samples: string[]}} props */
const Samples = ({ samples }) => (samples.length ? html`<small class="samples"><span class="sr">${t("mapping.samples")}: </span>${samples.join(" · ")}</small>` : null);

/**
 * @param {{n: number, ours: string, theirs: string, samples: string[], field: RemoteField | undefined, company: boolean, findings: Finding[],
 *   set: (theirs: string) => void, remove: () => void}} props
 */
export function MappingRow({ n, ours, theirs, samples, field, company, findings, set, remove }) {
  const id = `map-${number(n)}`;
  const name = placeName(ours);
  return html`<li class=${findings.some((one) => one.error) ? "map-row wrong" : "map-row"}>
    <div class="map-ours"><label for=${id}>${name}</label><${Samples} samples=${samples} /></div>
    <span class="map-arrow" aria-hidden="true"><${Icon} name="right" /></span>
    <div class="map-theirs"><input id=${id} list=${FIELDS_LIST} value=${theirs} maxlength="120" autocomplete="off" autocapitalize="off" spellcheck=${false} required
        aria-describedby=${`${id}-about${findings.length ? ` ${id}-findings` : ""}`} onInput=${(/** @type {any} */ e) => set(e.target.value.trim())} />
      <small id=${`${id}-about`}>${company ? t("mapping.company") : field ? about(field) : theirs ? t("mapping.unknown") : t("mapping.choose")}</small>
      ${findings.length > 0 && html`<${Findings} findings=${findings} id=${`${id}-findings`} />`}</div>
    <button type="button" class="quiet round" aria-label=${t("mapping.remove", { place: name })} title=${t("mapping.remove", { place: name })} onClick=${remove}><${Icon} name="bin" /></button>
  </li>`;
}

/** Where places are fixed: transferred or not. @param {{ours: string, theirs: string, on: boolean, samples: string[], findings: Finding[], set: (on: boolean) => void}} props */
export const FixedRow = ({ ours, theirs, on, samples, findings, set }) => html`<li class="map-row fixed">
  <label class="check"><input type="checkbox" checked=${on} onChange=${(/** @type {any} */ e) => set(e.target.checked)} />
    <span><strong>${placeName(ours)}</strong> <small>${theirs}</small></span></label>
  <${Samples} samples=${samples} />
  ${findings.length > 0 && html`<${Findings} findings=${findings} />`}</li>`;
