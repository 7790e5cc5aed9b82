// What a mailbox's provider was asked and has granted; and the administrator whose consent is waited for.
import { t, when } from "../i18n.js";
import { html } from "../ui.js";
import { CopyLine } from "../parts/copy.js";
import { Icon } from "../parts/icon.js";
import { Scopes } from "./connection_consent.js";

/** @typedef {import("../types.js").Mailbox} Mailbox */

/** @param {{mailbox: Mailbox}} props */
export function Grant({ mailbox }) {
  const grant = mailbox.authorization;
  if (!grant) return null;
  const granted = grant.state === "granted";
  return html`<section class="panel" aria-labelledby="grant-title"><h2 id="grant-title">${t("mailbox.permission")}</h2>
    ${granted && html`<p>${t("consent.granted", { when: grant.granted_at ? when(grant.granted_at) : t("connection.never") })}</p>`}
    <${Scopes} scopes=${grant.scopes} given=${granted} /></section>`;
}

/** More, or less, than was asked for. @param {{mailbox: Mailbox}} props */
export function GrantWarning({ mailbox }) {
  const grant = mailbox.authorization;
  if (grant?.state !== "granted") return null;
  const few = grant.scopes.some((scope) => !scope.granted);
  return html`${few && html`<p class="notice"><${Icon} name="alert" /><span>${t("mailbox.too_few")}</span></p>`}
    ${grant.too_many.length > 0 && html`<p class="notice"><${Icon} name="alert" /><span>${t("mailbox.too_many", { scopes: grant.too_many.join(", ") })}</span></p>`}`;
}

/** @param {{mailbox: Mailbox}} props */
export function AdminConsent({ mailbox }) {
  const wait = mailbox.admin_consent;
  if (!wait) return null;
  return html`<section class="panel" aria-labelledby="admin-title"><h2 id="admin-title">${t(wait.given_at ? "mailbox.admin.done" : "mailbox.admin")}</h2>
    ${wait.given_at ? html`<p class="notice"><${Icon} name="check" /><span>${t("mailbox.admin.given", { when: when(wait.given_at) })}</span></p>`
      : html`<p>${t("mailbox.admin.wait")}</p><${CopyLine} value=${wait.url} address />
        <p><a class="button" href=${wait.url} rel="noreferrer"><${Icon} name="external" />${t("mailbox.admin.open")}</a></p>`}</section>`;
}
