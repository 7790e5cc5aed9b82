// The form of a mailbox: how it is connected, its credentials with what is known of the provider, the list, and whose mail is not read.
import { t, textOr } from "../i18n.js";
import { html, useState } from "../ui.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Trouble } from "../parts/notice.js";

/** @typedef {import("../types.js").Connector} Connector */
/** @typedef {import("../types.js").FormField} FormField */
/** @typedef {import("../types.js").List} List */
/** @typedef {import("../types.js").Mailbox} Mailbox */
/** @typedef {import("../types.js").MailProvider} MailProvider */
/** @typedef {Record<string, string>} Values */

/** What the form starts with. @param {Connector} kind @param {Mailbox} [mailbox] @returns {Values} */
export const formOf = (kind, mailbox) => Object.fromEntries(kind.form.map((field) => [field.name, field.secret ? "" : (mailbox?.settings?.[field.name] ?? field.preset ?? "")]));

/** What the service takes: plain fields and, only where typed, secret ones. @param {Connector} kind @param {Values} values */
export function settingsOf(kind, values) {
  /** @param {boolean} secret */
  const side = (secret) => Object.fromEntries(kind.form.filter((field) => field.secret === secret && values[field.name]).map((field) => [field.name, secret ? values[field.name] : values[field.name].trim()]));
  const secret = side(true);
  return { settings: side(false), ...(Object.keys(secret).length ? { secret } : {}) };
}

/** @param {MailProvider[]} providers @param {string} address */
export const providerOf = (providers, address) => providers.find((one) => one.domains.includes((address.split("@")[1] || "").trim().toLowerCase()));

/** Lines of a text as the rules they are. @param {string} text */
export const rulesOf = (text) => text.split(/[\s,;]+/).filter(Boolean);

/** @param {any} problem @param {Connector} kind @returns {Values} */
function faults(problem, kind) {
  const found = /** @type {Values} */ ({});
  for (const { pointer } of problem?.errors || []) {
    const name = pointer.startsWith("/excluded") ? "excluded" : pointer.split("/").pop() || "";
    if (name === "excluded" || kind.form.some((field) => field.name === name)) found[name] = problem.detail;
  }
  return found;
}

/** @param {FormField} field @param {boolean} kept */
function hintOf(field, kept) {
  if (field.secret) return t(kept ? "connection.secret_kept" : "connection.secret_hint");
  return textOr(`${field.label_key}.hint`, undefined);
}

/** Addresses that hardly anybody changes. @param {FormField} field */
const isCloud = (field) => field.kind === "url" && !!field.preset;

/** @param {string} value @param {(value: string) => void} set */
const security = (value, set) => html`<${Choice} name="security" legend=${t("mailbox.form.security")} value=${value} choose=${set}
  options=${[{ value: "tls", label: t("mailbox.tls"), text: t("mailbox.tls.text") }, { value: "starttls", label: t("mailbox.starttls"), text: t("mailbox.starttls.text") }]} />`;

/**
 * @param {{kind: Connector, providers: MailProvider[], values: Values, set: (values: Values) => void, send: () => void, busy: boolean, problem: any, act: string,
 *   kept?: boolean, cancel?: () => void, children?: any}} props kept: a stored secret stays when nothing is typed
 */
export function MailboxForm({ kind, providers, values, set, send, busy, problem, act, kept = false, cancel, children }) {
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const wrong = faults(problem, kind);
  const known = providerOf(providers, values.address || "");
  /** @param {string} name @param {string} value */
  const change = (name, value) => {
    const next = { ...values, [name]: value };
    const host = name === "address" && providerOf(providers, value)?.host;
    const filled = !values.host || providers.some((one) => one.host === values.host);
    set(host && filled && "host" in values ? { ...next, host, port: "993", security: "tls" } : next);
  };
  /** @param {FormField} field */
  const input = (field) => field.name === "security" ? security(values.security, (value) => change("security", value)) : html`<${Field} key=${field.name} id=${`mailbox-${field.name}`}
      label=${t(field.label_key)} type=${field.secret ? "password" : "text"} value=${values[field.name] || ""} required=${field.required && !(kept && field.secret)} max=${2000}
      autocomplete=${field.secret ? "new-password" : "off"} hint=${hintOf(field, kept)} error=${wrong[field.name] || (missing.includes(`mailbox-${field.name}`) ? t("form.missing") : undefined)}
      set=${(/** @type {string} */ value) => change(field.name, value)} />`;
  const clouds = kind.form.filter(isCloud);
  return html`<${Form} send=${send} busy=${busy} act=${act} doing=${t("connection.checking")} cancel=${cancel} wrong=${setMissing}>
    ${kind.form.filter((field) => !isCloud(field)).map(input)}
    ${clouds.length > 0 && html`<details class="entry-changes fold-away" open=${clouds.some((field) => wrong[field.name]) || undefined}><summary><${Icon} name="right" /><span>${t("mailbox.clouds")}</span></summary>${clouds.map(input)}</details>`}
    ${known && html`<p class="notice"><${Icon} name="info" /><span>${t(known.hint_key)}</span></p>`}
    ${children}
    ${problem && html`<${Trouble} problem=${{ title: problem.title, detail: problem.detail }} />`}
  <//>`;
}

/** Where suggestions go. @param {{lists: List[], value: string, set: (value: string) => void}} props */
export const ListChoice = ({ lists, value, set }) => html`<div class="form-field"><label for="mailbox-list">${t("mailbox.list")}</label>
  <select id="mailbox-list" value=${value} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
    <option value="">${t("mailbox.list.none")}</option>
    ${lists.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select>
  <small>${t("mailbox.list.hint")}</small></div>`;

/** Whose mail is not read. @param {{value: string, set: (value: string) => void, error?: string}} props */
export const Excluded = ({ value, set, error }) => html`<${Field} id="mailbox-excluded" label=${t("mailbox.excluded")} value=${value} set=${set} several max=${20000} hint=${t("mailbox.excluded.hint")} error=${error} />`;
