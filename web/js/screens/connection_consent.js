// Consent at a CRM: what is asked for and why, the way there, what was granted, and taking it back.
import { api } from "../api.js";
import { t, textOr, when } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { CopyLine } from "../parts/copy.js";
import { Confirm } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").ConnectorOAuth} ConnectorOAuth */
/** @typedef {import("../types.js").Scope} Scope */

/** Leaves for the CRM's own page; it leads back to ours. @param {string} id of the connection */
export async function goToConsent(id) {
  const { url } = await api.post(`/v1/connections/${id}/authorize`);
  if (!/^https?:\/\//.test(url)) throw new Error(url);
  location.assign(url);
}

/** What the administrator of the CRM has to enter there, before anything else. @param {{oauth: ConnectorOAuth, text?: string}} props text: other words */
export function Callback({ oauth, text }) {
  return html`<div class="callback"><h3>${t("consent.callback")}</h3><p class="soft">${text || t("consent.callback_text")}</p>
    <${CopyLine} value=${oauth.callback} /></div>`;
}

/** @param {{scope: Scope, given: boolean}} props */
const ScopeRow = ({ scope, given }) => html`<li><${Icon} name=${given ? (scope.granted ? "check" : "alert") : "lock"} />
  <span>${t(scope.reason_key)} <code>${scope.name.replace("{url}/", "…/")}</code>${given && !scope.granted && html` <strong>${t("consent.not_granted")}</strong>`}</span></li>`;

/** @param {{scopes: Scope[], given?: boolean}} props given: consent was given, so what is missing is missing */
export const Scopes = ({ scopes, given = false }) => html`<h3>${t("consent.scopes")}</h3>
  <ul class="promise-list scopes">${scopes.map((scope) => html`<${ScopeRow} key=${scope.name} scope=${scope} given=${given} />`)}</ul>`;

/** @param {{connection: Connection, load: () => void}} props */
function Disconnect({ connection, load }) {
  const [asking, setAsking] = useState(false);
  const part = () => api.post(`/v1/connections/${connection.id}/disconnect`).then(({ revoked }) => {
    toast({ text: t(revoked === "failed" ? "consent.revoke_failed" : "consent.revoked"), kind: revoked === "failed" ? "bad" : "good" });
    load();
  }, complain);
  return html`<button type="button" onClick=${() => setAsking(true)}><${Icon} name="leave" />${t("consent.revoke")}</button>
    ${asking && html`<${Confirm} title=${t("consent.revoke_ask", { name: connection.name })} text=${t("consent.revoke_text")} act=${t("consent.revoke")} danger yes=${part} close=${() => setAsking(false)} />`}`;
}

/** The grant of a connection, for administrators. @param {{connection: Connection, oauth: ConnectorOAuth, load: () => void}} props */
export function Consent({ connection, oauth, load }) {
  const [busy, setBusy] = useState(false);
  const grant = connection.authorization;
  if (!isAdmin() || !grant || grant.state === "app") return null;
  const granted = grant.state === "granted";
  const atCrm = textOr(`consent.at.${connection.kind}`, "");
  const leave = () => { setBusy(true); goToConsent(connection.id).catch((failed) => { setBusy(false); complain(failed); }); };
  return html`<section class="panel" aria-labelledby="consent-title"><h2 id="consent-title">${t("consent.title")}</h2>
    <p>${granted ? t("consent.granted", { when: grant.granted_at ? when(grant.granted_at) : t("connection.never") }) : t(grant.state === "ended" ? "consent.ended" : "consent.needed")}</p>
    ${!granted && html`<${Callback} oauth=${oauth} />`}
    ${!granted && atCrm && html`<p class="soft">${atCrm}</p>`}
    <${Scopes} scopes=${grant.scopes} given=${granted} />
    ${granted && grant.scopes.some((scope) => !scope.granted) && html`<p class="notice">${t("consent.too_few")}</p>`}
    ${grant.too_many.length > 0 && html`<p class="notice">${t("consent.too_many", { scopes: grant.too_many.join(", ") })}</p>`}
    <div class="acts"><button type="button" class=${granted ? "" : "primary"} aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || leave()}>
      ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="external" />`}${t(granted ? "consent.again" : "consent.go")}</button>
      ${granted && html`<${Disconnect} connection=${connection} load=${load} />`}</div>
  </section>`;
}
