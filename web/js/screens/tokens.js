// API tokens: what programs may do in one's name. A token is shown once, when it is made; administrators see all and can revoke them.
import { api } from "../api.js";
import { day, t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, session, toast } from "../state.js";
import { CopyLine } from "../parts/copy.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Token} Token */

const DAYS = /** @type {const} */ ([7, 30, 90, 365]);

/** @param {{scopes: string[], chosen: string[], wrong: boolean, set: (chosen: string[]) => void}} props */
const Scopes = ({ scopes, chosen, wrong, set }) => html`<fieldset class="scopes" aria-describedby=${wrong ? "scopes-error" : undefined}><legend>${t("token.scopes")}</legend>
  ${scopes.map((scope) => html`<label key=${scope} class="check"><input type="checkbox" checked=${chosen.includes(scope)}
    onChange=${() => set(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope])} /><code translate="no">${scope}</code></label>`)}
  ${wrong && html`<p class="field-error" id="scopes-error"><${Icon} name="alert" />${t("token.scopes_missing")}</p>`}</fieldset>`;

/** @param {{close: () => void, made: (token: Token) => void}} props */
function NewToken({ close, made }) {
  const [scopes, setScopes] = useState(/** @type {string[]} */ ([]));
  const [values, setValues] = useState({ name: "", scopes: /** @type {string[]} */ ([]), days: 30 });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  useEffect(() => { api.get("/v1/scopes").then((page) => setScopes(page.items.filter((/** @type {any} */ one) => one.usable).map((/** @type {any} */ one) => one.scope)), setProblem); }, []);
  const make = () => {
    setTried(true);
    if (!values.scopes.length) return;
    setBusy(true);
    api.post("/v1/tokens", { ...values, name: values.name.trim() }).then(made, setProblem).finally(() => setBusy(false));
  };
  return html`<${Dialog} title=${t("tokens.add")} close=${close}>
    <${Form} send=${make} busy=${busy} act=${t("tokens.add")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Field} id="token-name" label=${t("token.name")} value=${values.name} required hint=${t("token.name_hint")} error=${missing.length ? t("form.missing") : undefined} set=${(/** @type {string} */ name) => setValues({ ...values, name })} />
      <div class="form-field"><label for="token-days">${t("token.days")}</label><select id="token-days" onChange=${(/** @type {any} */ e) => setValues({ ...values, days: Number(e.target.value) })}>
        ${DAYS.map((n) => html`<option key=${n} value=${n} selected=${n === values.days}>${t("token.days_n", { n })}</option>`)}</select></div>
      <${Scopes} scopes=${scopes} chosen=${values.scopes} wrong=${tried && !values.scopes.length} set=${(/** @type {string[]} */ chosen) => setValues({ ...values, scopes: chosen })} />
      ${problem && html`<${Trouble} problem=${problem} />`}<//><//>`;
}

/** @param {{token: Token, close: () => void}} props */
function Handover({ token, close }) {
  return html`<${Dialog} title=${t("token.made_title")} close=${close}>
    <p>${t("token.once", { name: token.name })}</p>
    <${CopyLine} value=${token.token || ""} />
    <div class="acts"><button type="button" class="primary" onClick=${close}>${t("token.done")}</button></div><//>`;
}

/** @param {{token: Token, revoke: () => void}} props */
function Row({ token, revoke }) {
  const mine = token.user_id === session.value?.user.id;
  const used = token.used_at ? t(token.used_from ? "token.used_from" : "token.used", { when: when(token.used_at), from: token.used_from || "" }) : t("token.unused");
  return html`<li class=${token.state === "active" ? "desk-row" : "desk-row off"}><span class="desk-icon"><${Icon} name="lock" /></span>
    <span class="desk-text"><strong>${token.name}</strong>${!mine && html`<small>${t("token.of", { name: token.user_name })}</small>`}
      <small translate="no">${token.scopes.join(" · ")}</small><small>${t("token.until", { when: day(token.expires_at) })} · ${used}</small></span>
    <span class="desk-side"><span class=${token.state === "active" ? "badge health ok" : "badge"}>${t(`token.state.${token.state}`)}</span></span>
    ${token.state === "active" && html`<button type="button" class="bad" onClick=${revoke} aria-label=${t("token.revoke_of", { name: token.name })}><${Icon} name="close" />${t("revoke")}</button>`}</li>`;
}

/** @typedef {{kind: "new"} | {kind: "made" | "revoke", token: Token} | null} Open */

export function Tokens() {
  const [tokens, setTokens] = useState(/** @type {Token[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {Open} */ (null));
  const load = () => api.get("/v1/tokens").then((page) => { setTokens(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const close = () => setOpen(null);
  /** @param {Token} token */
  const revoke = (token) => api.remove(`/v1/tokens/${token.id}`).then(() => { toast({ text: t("token.revoked", { name: token.name }), kind: "good" }); load(); }, complain);
  const add = html`<button type="button" class="primary" onClick=${() => setOpen({ kind: "new" })}><${Icon} name="plus" />${t("tokens.add")}</button>`;
  return html`<section class="desk"><p class="back"><a href="/app/settings"><${Icon} name="left" />${t("settings.title")}</a></p>
    <header class="screen-head"><div><h1 tabindex="-1">${t("tokens.title")}</h1><p class="lead">${t("tokens.lead")}</p></div>${tokens && tokens.length > 0 && add}</header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !tokens ? html`<${Waiting} />`
      : tokens.length ? html`<ul class="rows">${tokens.map((token) => html`<${Row} key=${token.id} token=${token} revoke=${() => setOpen({ kind: "revoke", token })} />`)}</ul>`
      : html`<${Empty} icon="lock" title=${t("tokens.none")} text=${t("tokens.none_text")}>${add}<//>`}
    ${open?.kind === "new" && html`<${NewToken} close=${close} made=${(/** @type {Token} */ token) => { load(); setOpen({ kind: "made", token }); }} />`}
    ${open?.kind === "made" && html`<${Handover} token=${open.token} close=${close} />`}
    ${open?.kind === "revoke" && html`<${Confirm} title=${t("token.revoke_ask", { name: open.token.name })} text=${t("token.revoke_text")} act=${t("revoke")} danger yes=${() => revoke(open.token)} close=${close} />`}
  </section>`;
}
