// Single sign-on: which identity providers the organisation trusts. Drafted, registered there, tested, switched on.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { Copy } from "../parts/copy.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Steps } from "../parts/test_steps.js";

/** @typedef {import("../types.js").IdentityProvider} Provider */
/** @typedef {{name: string, issuer: string, tenant: string, client_id: string, team_id: string, key_id: string, domains: string, sign_up: boolean, vouches: boolean, second_factor: boolean, secret: string}} Values */

const KINDS = /** @type {const} */ (["microsoft", "google", "apple", "oidc"]);
const kinds = () => KINDS.map((value) => ({ value, label: t(`sso.kind.${value}`) }));
const TEXTS = /** @type {const} */ (["name", "issuer", "tenant", "client_id", "team_id", "key_id"]);

/** @param {Provider | null} provider @returns {Values} */
const valuesOf = (provider) => {
  const s = provider?.settings;
  const text = Object.fromEntries(TEXTS.map((name) => [name, s?.[name] || ""]));
  return /** @type {Values} */ ({ ...text, domains: (s?.domains || []).join(", "), sign_up: !!s?.sign_up, vouches: !!s?.vouches, second_factor: !!s?.second_factor, secret: "" });
};

/** What is sent: of the texts only those that are filled in. @param {string} kind @param {Values} values */
function sent(kind, values) {
  const text = Object.fromEntries(TEXTS.filter((name) => values[name].trim()).map((name) => [name, values[name].trim()]));
  const settings = { ...text, domains: values.domains.split(/[\s,;]+/).filter(Boolean), sign_up: values.sign_up, vouches: values.vouches, second_factor: values.second_factor };
  return { settings, ...(values.secret.trim() ? { secret: { [kind === "apple" ? "private_key" : "client_secret"]: values.secret.trim() } } : {}) };
}

/** @param {{id: string, text: string, hint: string, on: boolean, set: (on: boolean) => void}} props */
const Tick = ({ id, text, hint, on, set }) => html`<div class="form-field"><label class="check" for=${id}><input id=${id} type="checkbox" checked=${on} aria-describedby=${`${id}-hint`}
  onChange=${(/** @type {any} */ e) => set(e.target.checked)} /> <span>${text}</span></label><small id=${`${id}-hint`}>${hint}</small></div>`;

/** A new one, or the settings of one. @param {{provider: Provider | null, close: () => void, done: (provider: Provider) => void}} props */
function Edit({ provider, close, done }) {
  const [kind, setKind] = useState(/** @type {string} */ (provider?.kind || "microsoft"));
  const [values, setValues] = useState(valuesOf(provider));
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Partial<Values>} change */
  const set = (change) => setValues({ ...values, ...change });
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const body = sent(kind, values);
      done(await (provider ? api.patch(`/v1/identity-providers/${provider.id}`, body, provider.version) : api.post("/v1/identity-providers", { kind, ...body })));
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  /** @param {string} name */
  const error = (name) => problem?.errors?.find((/** @type {any} */ one) => one.pointer === `/settings/${name}`)?.detail || (missing.includes(`sso-${name}`) ? t("form.missing") : undefined);
  /** @param {keyof Values} name @param {string} label @param {object} [more] */
  const field = (name, label, more) => html`<${Field} id=${`sso-${name}`} label=${label} value=${values[name]} error=${error(name)} set=${(/** @type {string} */ value) => set({ [name]: value })} ...${more || {}} />`;
  return html`<${Dialog} title=${provider ? provider.settings.name : t("sso.add")} close=${close}>
    <${Form} send=${send} busy=${busy} act=${t("save")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      ${!provider && html`<${Choice} name="kind" legend=${t("sso.kind")} value=${kind} options=${kinds()} choose=${setKind} />`}
      ${field("name", t("sso.name"), { required: true, max: 100, hint: t("sso.name_hint") })}
      ${kind === "oidc" && field("issuer", t("sso.issuer"), { required: true, max: 500, type: "url", hint: t("sso.issuer_hint") })}
      ${kind === "microsoft" && field("tenant", t("sso.tenant"), { required: true, max: 120, hint: t("sso.tenant_hint") })}
      ${field("client_id", t("sso.client_id"), { max: 300, hint: t("sso.client_id_hint") })}
      ${kind === "apple" && html`${field("team_id", t("sso.team_id"), { max: 40 })}${field("key_id", t("sso.key_id"), { max: 40 })}`}
      ${kind === "apple" ? field("secret", t("sso.private_key"), { several: true, max: 4000, hint: t(provider?.has_secret ? "sso.secret_kept" : "sso.private_key_hint") })
        : field("secret", t("sso.secret"), { type: "password", max: 2000, hint: t(provider?.has_secret ? "sso.secret_kept" : "sso.secret_hint") })}
      ${field("domains", t("sso.domains"), { max: 2000, hint: t("sso.domains_hint") })}
      <${Tick} id="sso-sign-up" text=${t("sso.sign_up")} hint=${t("sso.sign_up_hint")} on=${values.sign_up} set=${(/** @type {boolean} */ sign_up) => set({ sign_up })} />
      ${(kind === "oidc" || kind === "microsoft") && html`<${Tick} id="sso-vouches" text=${t("sso.vouches")} hint=${error("vouches") || t("sso.vouches_hint")} on=${values.vouches} set=${(/** @type {boolean} */ vouches) => set({ vouches })} />`}
      <${Tick} id="sso-factor" text=${t("sso.second_factor")} hint=${t("sso.second_factor_hint")} on=${values.second_factor} set=${(/** @type {boolean} */ second_factor) => set({ second_factor })} />
      ${problem && html`<${Trouble} problem=${problem} />`}
    <//><//>`;
}

/** @param {{provider: Provider, edit: () => void, drop: () => void, changed: (provider: Provider) => void}} props */
function Panel({ provider, edit, drop, changed }) {
  const [test, setTest] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const ask = () => { setBusy(true); api.post(`/v1/identity-providers/${provider.id}/test`).then((said) => { setTest(said); changed(said.provider); }, complain).finally(() => setBusy(false)); };
  /** @param {"on" | "off"} state */
  const turn = (state) => api.patch(`/v1/identity-providers/${provider.id}`, { state }, provider.version).then(changed, complain);
  return html`<section class="panel" aria-labelledby=${`sso-${provider.id}`}><h2 id=${`sso-${provider.id}`}>${provider.settings.name} <span class=${provider.state === "on" ? "badge health ok" : "badge health unknown"}>${t(`sso.state.${provider.state}`)}</span></h2>
    <p class="soft">${t(`sso.kind.${provider.kind}`)}${provider.tested_at && html` · ${t("sso.tested", { when: when(provider.tested_at) })}`}</p>
    <${Copy} label=${t("sso.redirect_uri")} value=${provider.redirect_uri} />
    ${provider.state === "on" && html`<${Copy} label=${t("sso.sign_in_url")} value=${provider.sign_in_url} />`}
    ${provider.hosts.length > 0 && html`<p class="soft">${t("sso.hosts", { hosts: provider.hosts.join(", ") })}</p>`}
    ${test && html`<${Steps} test=${test} />`}
    <div class="acts"><button type="button" onClick=${edit}><${Icon} name="edit" />${t("edit")}</button>
      <button type="button" aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || ask()}>${busy ? t("sso.testing") : t("sso.test")}</button>
      ${provider.state === "on" ? html`<button type="button" onClick=${() => turn("off")}>${t("sso.off")}</button>` : html`<button type="button" class="primary" onClick=${() => turn("on")}>${t("sso.on")}</button>`}
      <button type="button" class="quiet bad" onClick=${drop}>${t("sso.remove")}</button></div></section>`;
}

/** @typedef {{kind: "edit", provider: Provider | null} | {kind: "drop", provider: Provider} | null} Open */

export function SignOn() {
  const [list, setList] = useState(/** @type {Provider[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {Open} */ (null));
  const load = () => api.get("/v1/identity-providers").then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  /** @param {Provider} now */
  const changed = (now) => setList((old) => (old?.some((one) => one.id === now.id) ? old.map((one) => (one.id === now.id ? now : one)) : [...(old || []), now]));
  if (!isAdmin()) return html`<section class="desk"><h1 tabindex="-1">${t("sso.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("users.not_yours")} /></section>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("sso.title")}</h1><p class="lead">${t("sso.lead")}</p></div>
      <button type="button" class="primary" onClick=${() => setOpen({ kind: "edit", provider: null })}><${Icon} name="plus" />${t("sso.add")}</button></header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />`
      : list.length === 0 ? html`<${Empty} icon="lock" title=${t("sso.none")} text=${t("sso.none_text")} />`
        : list.map((provider) => html`<${Panel} key=${provider.id} provider=${provider} changed=${changed} edit=${() => setOpen({ kind: "edit", provider })} drop=${() => setOpen({ kind: "drop", provider })} />`)}
    ${open?.kind === "edit" && html`<${Edit} provider=${open.provider} close=${() => setOpen(null)} done=${(/** @type {Provider} */ now) => { changed(now); setOpen(null); toast({ text: t("sso.saved"), kind: "good" }); }} />`}
    ${open?.kind === "drop" && html`<${Confirm} title=${t("sso.remove_ask", { name: open.provider.settings.name })} text=${t("sso.remove_text")} act=${t("sso.remove")} danger close=${() => setOpen(null)}
      yes=${() => api.remove(`/v1/identity-providers/${open.provider.id}`, open.provider.version).then(load, complain)} />`}
  </section>`;
}
