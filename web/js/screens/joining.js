// How people get in: invitations, domains whose people sign up by themselves, and of whom a second factor is asked.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { Icon } from "../parts/icon.js";
import { Invitations } from "../parts/invitations.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { ROLES } from "../parts/roles.js";
import { SignUpDomains } from "../parts/sign_up_domains.js";

/** @typedef {import("../types.js").SignInPolicy} SignInPolicy */

function Policy() {
  const [policy, setPolicy] = useState(/** @type {SignInPolicy | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get("/v1/sign-in-policy").then((now) => { setPolicy(now); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  /** @param {SignInPolicy} before @param {string} role */
  const turn = (before, role) => {
    const roles = before.second_factor_roles.includes(role) ? before.second_factor_roles.filter((one) => one !== role) : [...before.second_factor_roles, role];
    api.patch("/v1/sign-in-policy", { second_factor_roles: roles }, before.version).then((now) => { setPolicy(now); toast({ text: t("factor_policy.saved"), kind: "good" }); }, (failed) => { complain(failed); load(); });
  };
  return html`<section class="panel" aria-labelledby="policy-title"><h2 id="policy-title">${t("factor_policy.title")}</h2><p class="soft">${t("factor_policy.text")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !policy ? html`<${Waiting} />`
      : html`<fieldset class="plain"><legend class="sr">${t("factor_policy.title")}</legend>${ROLES.map((role) => html`<label key=${role} class="check"><input type="checkbox" checked=${policy.second_factor_roles.includes(role)} onChange=${() => turn(policy, role)} /><span>${t(`role.${role}`)}</span></label>`)}</fieldset>
        <p class="soft">${t("factor_policy.support")}</p>`}</section>`;
}

export function Joining() {
  const back = html`<p class="back"><a href="/app/users"><${Icon} name="left" />${t("users.title")}</a></p>`;
  if (!isAdmin()) return html`<section class="desk">${back}<h1 tabindex="-1">${t("joining.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("users.not_yours")} /></section>`;
  return html`<section class="desk">${back}<header class="screen-head"><div><h1 tabindex="-1">${t("joining.title")}</h1><p class="lead">${t("joining.lead")}</p></div></header>
    <${Invitations} /><${SignUpDomains} /><${Policy} /></section>`;
}
