// What forms are made of: a labelled input with its hint and what was wrong with it, and a choice of a few options.
import { html, useRef } from "../ui.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";

/**
 * @typedef {object} FieldProps
 * @property {string} id
 * @property {string} label
 * @property {string} value
 * @property {(value: string) => void} set
 * @property {string} [type] @property {string} [hint] @property {string} [error] what was wrong with it
 * @property {boolean} [required] @property {number} [max] @property {string} [autocomplete] @property {string} [placeholder]
 * @property {boolean} [several] it has several lines
 */

/** @param {FieldProps} props */
export function Field({ id, label, value, set, type = "text", hint, error, required, max = 200, autocomplete = "off", placeholder, several }) {
  const told = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return html`<div class=${error ? "form-field wrong" : "form-field"}>
    <label for=${id}>${label}${!required && !hint && html` <small>${t("form.optional")}</small>`}</label>
    <${several ? "textarea" : "input"} id=${id} name=${id} type=${several ? undefined : type} rows=${several ? 6 : undefined} value=${value} required=${required} maxlength=${max}
      autocomplete=${autocomplete} placeholder=${placeholder} autocapitalize="off" spellcheck=${false} aria-invalid=${error ? "true" : undefined} aria-describedby=${told || undefined}
      onInput=${(/** @type {any} */ e) => set(e.target.value)} />
    ${error && html`<p class="field-error" id=${`${id}-error`}><${Icon} name="alert" />${error}</p>`}
    ${hint && html`<small id=${`${id}-hint`}>${hint}</small>`}
  </div>`;
}

/** @typedef {{value: string, label: string, text?: string}} Option */

/** A few options side by side, each with a sentence. @param {{name: string, legend: string, value: string, options: Option[], choose: (value: string) => void}} props */
export const Choice = ({ name, legend, value, options, choose }) => html`<fieldset class="choices"><legend>${legend}</legend>
  <div class="choice-cards">${options.map((one) => html`<label key=${one.value} class=${one.value === value ? "choice-card chosen" : "choice-card"}>
    <input type="radio" name=${name} value=${one.value} checked=${one.value === value} onChange=${() => choose(one.value)} />
    <span><strong>${one.label}</strong>${one.text && html`<small>${one.text}</small>`}</span></label>`)}</div></fieldset>`;

/**
 * A form that says itself what is missing, under the input, and puts the focus there.
 * @param {{send: () => void, busy: boolean, act: string, doing: string, children?: any, cancel?: () => void, wrong: (ids: string[]) => void, danger?: boolean}} props
 */
export function Form({ send, busy, act, doing, children, cancel, wrong, danger }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (busy) return;
    const inputs = /** @type {ArrayLike<HTMLInputElement>} */ (form.current?.querySelectorAll("input, textarea") || []);
    const empty = Array.from(inputs).filter((input) => input.required && !input.value.trim());
    wrong(empty.map((input) => input.id));
    if (empty.length) empty[0].focus();
    else send();
  };
  return html`<form ref=${form} class="form" noValidate onSubmit=${submit}>${children}
    <div class="acts">${cancel && html`<button type="button" onClick=${cancel}>${t("cancel")}</button>`}
      <button type="submit" class=${danger ? "danger solid" : "primary"} aria-disabled=${busy ? "true" : undefined}>${busy && html`<span class="spinner" aria-hidden="true"></span>`}${busy ? doing : act}</button></div></form>`;
}
