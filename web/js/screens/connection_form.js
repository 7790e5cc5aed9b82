// The form of a connection, drawn from what its connector asks for; used for a new one and for changing one.
import { t, textOr } from "../i18n.js";
import { html, useState } from "../ui.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Trouble } from "../parts/notice.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").Connector} Connector */
/** @typedef {import("../types.js").FormField} FormField */
/** @typedef {Record<string, string>} Values by the form's names, and "/name" for the connection's own */

const NAME = "/name";

/** What the form starts with. @param {Connector} kind @param {Connection} [connection] @returns {Values} */
export function formOf(kind, connection) {
  const settings = connection?.settings || {};
  const rows = kind.form.map((field) => [field.name, field.secret ? "" : (settings[field.name] ?? field.preset ?? "")]);
  return { ...Object.fromEntries(rows), [NAME]: connection?.name ?? kind.name };
}

/** The kind of connection that was chosen, where the CRM offers several. @param {Connector} kind @param {Values} values */
const grantOf = (kind, values) => /** @type {import("../types.js").Grant | undefined} */ (values.grant || kind.oauth?.grants[0]);

/** The inputs that this kind of connection wants. @param {Connector} kind @param {Values} values */
const fieldsOf = (kind, values) => kind.form.filter(({ grants }) => !grants.length || grants.some((one) => one === grantOf(kind, values)));

/** @param {Connector} kind @param {Values} values what the service takes: plain fields and, only where typed, secret ones */
export function settingsOf(kind, values) {
  /** @param {boolean} secret */
  const side = (secret) => Object.fromEntries(fieldsOf(kind, values).filter((field) => field.secret === secret && values[field.name]).map((field) => [field.name, secret ? values[field.name] : values[field.name].trim()]));
  const secret = side(true);
  return { name: values[NAME].trim(), settings: side(false), ...(Object.keys(secret).length ? { secret } : {}) };
}

/** Whether a person will have to consent at the CRM. @param {Connector} kind @param {Values} values */
export const needsConsent = (kind, values) => grantOf(kind, values) === "code";

/** Where the service found fault, by the form's names. @param {any} problem @param {Connector} kind @returns {Values} */
function faults(problem, kind) {
  /** @type {Values} */
  const found = {};
  for (const { pointer } of problem?.errors || []) {
    const name = pointer === NAME ? NAME : pointer.split("/").pop();
    if (name === NAME || kind.form.some((field) => field.name === name)) found[name] = problem.detail;
  }
  return found;
}

/** What went wrong while nothing was kept yet: the service's sentences speak of connections that exist. @param {any} problem */
function told(problem) {
  return { title: textOr(`connect.${problem.slug}`, problem.title), detail: textOr(`connect.${problem.slug}.text`, problem.detail), errors: [] };
}

/** @param {FormField} field */
const inputType = (field) => (field.kind === "password" ? "password" : "text"); // the service checks addresses, and says more

/** @param {Connector} kind */
const grants = (kind) => (kind.oauth?.grants || []).map((value) => ({ value, label: t(`grant.${value}`), text: t(`grant.${value}.text`) }));

/** A stored secret goes to no other address than the one it was given for. @param {Connector} kind @param {Values} values @param {Connection | undefined} connection */
const moved = (kind, values, connection) => !!connection && kind.form.some((field) => field.kind === "url" && (values[field.name] || "").trim() !== (connection.settings[field.name] || ""));

/** @param {FormField} field @param {boolean} kept whether a stored secret stays when nothing is typed @param {boolean} again */
function hintOf(field, kept, again) {
  if (field.secret) return t(again ? "connection.secret_again" : kept ? "connection.secret_kept" : "connection.secret_hint");
  return textOr(`${field.label_key}.hint`, undefined);
}

const OWN = "own";

/** An address out of a few, or one of the own. @param {{field: FormField, value: string, set: (value: string) => void, error: string | undefined}} props */
function AddressChoice({ field, value, set, error }) {
  const [chosen, setChosen] = useState(field.offers.includes(value) ? value : OWN);
  const id = `connection-${field.name}`;
  const choose = (/** @type {string} */ one) => { setChosen(one); set(one === OWN ? "" : one); };
  const offers = field.offers.map((one, i) => ({ value: one, label: textOr(`${field.label_key}.offer${i}`, one), text: one.replace("https://", "") }));
  const own = { value: OWN, label: textOr(`${field.label_key}.own`, t("connector.own_address")), text: textOr(`${field.label_key}.own_text`, undefined) };
  return html`<${Choice} name=${`${id}-choice`} legend=${t(field.label_key)} value=${chosen} choose=${choose} options=${[...offers, own]} />
    ${chosen === OWN && html`<${Field} id=${id} label=${t("connector.own_address")} value=${value} required max=${2000} hint=${hintOf(field, false, false)} error=${error} set=${set} />`}`;
}

/**
 * @param {{kind: Connector, values: Values, set: (values: Values) => void, send: () => void, busy: boolean, problem: any, act: string,
 *   connection?: Connection, cancel?: () => void}} props `connection` when an existing one is changed
 */
export function ConnectionForm({ kind, values, set, send, busy, problem, act, connection, cancel }) {
  const again = moved(kind, values, connection);
  const kept = !!connection && !again;
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const wrong = faults(problem, kind);
  /** @param {string} id @param {string} name */
  const errorOf = (id, name) => wrong[name] || (missing.includes(id) ? t("form.missing") : undefined);
  return html`<${Form} send=${send} busy=${busy} act=${act} doing=${t("connection.checking")} cancel=${cancel} wrong=${setMissing}>
    <${Field} id="connection-name" label=${t("connection.name")} value=${values[NAME]} required hint=${t("connection.name_hint")} error=${errorOf("connection-name", NAME)}
      set=${(/** @type {string} */ value) => set({ ...values, [NAME]: value })} />
    ${fieldsOf(kind, values).map((field) => field.kind === "grant" ? html`<${Choice} key=${field.name} name=${field.name} legend=${t("connector.grant")} value=${grantOf(kind, values) || ""} options=${grants(kind)}
      choose=${(/** @type {string} */ value) => set({ ...values, [field.name]: value })} />`
      : field.offers.length ? html`<${AddressChoice} key=${field.name} field=${field} value=${values[field.name] || ""} error=${errorOf(`connection-${field.name}`, field.name)} set=${(/** @type {string} */ value) => set({ ...values, [field.name]: value })} />`
      : html`<${Field} key=${field.name} id=${`connection-${field.name}`} label=${t(field.label_key)} type=${inputType(field)} value=${values[field.name] || ""}
      required=${field.required && !(kept && field.secret)} max=${field.kind === "key" ? 8000 : 2000} several=${field.kind === "key"} autocomplete=${field.secret ? "new-password" : "off"} hint=${hintOf(field, kept, again)}
      error=${errorOf(`connection-${field.name}`, field.name)} set=${(/** @type {string} */ value) => set({ ...values, [field.name]: value })} />`)}
    ${problem && html`<${Trouble} problem=${told(problem)} />`}
    ${problem?.slug === "host-refused" && html`<p class="soft">${t("connection.host_hint")}</p>`}
  <//>`;
}
