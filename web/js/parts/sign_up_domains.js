// Domains whose people may sign up by themselves, and the address where they do.
import { api } from "../api.js";
import { day, t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { Copy } from "./copy.js";
import { Confirm, Dialog } from "./dialog.js";
import { Choice, Field, Form } from "./field.js";
import { Icon } from "./icon.js";
import { JOINING, roleOptions } from "./roles.js";
import { Trouble, Waiting } from "./notice.js";

/** @typedef {import("../types.js").SignUpDomain} Domain */

/** @param {{close: () => void, added: (domain: Domain) => void}} props */
function NewDomain({ close, added }) {
  const [values, setValues] = useState({ domain: "", role: "user" });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const add = () => { setBusy(true); setProblem(null); api.post("/v1/sign-up-domains", { ...values, domain: values.domain.trim() }).then(added, setProblem).finally(() => setBusy(false)); };
  const bad = problem?.errors?.some((/** @type {any} */ one) => one.pointer === "/domain") ? t("domains.bad") : missing.length ? t("form.missing") : undefined;
  return html`<${Dialog} title=${t("domains.add")} close=${close}>
    <${Form} send=${add} busy=${busy} act=${t("domains.add")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Field} id="domain-name" label=${t("domains.domain")} value=${values.domain} required max=${253} hint=${t("domains.domain_hint")} error=${bad} set=${(/** @type {string} */ domain) => setValues({ ...values, domain })} />
      <${Choice} name="role" legend=${t("user.role")} value=${values.role} options=${roleOptions(JOINING)} choose=${(/** @type {string} */ role) => setValues({ ...values, role })} />
      ${problem && !problem.errors.length && html`<${Trouble} problem=${problem} />`}<//><//>`;
}

export function SignUpDomains() {
  const [list, setList] = useState(/** @type {Domain[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {"new" | Domain | null} */ (null));
  const load = () => api.get("/v1/sign-up-domains").then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const close = () => setOpen(null);
  return html`<section class="panel" aria-labelledby="domains-title"><h2 id="domains-title">${t("domains.title")}</h2><p class="soft">${t("domains.text")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />` : html`
      ${list.length > 0 && html`<ul class="rows">${list.map((one) => html`<li key=${one.id} class="desk-row"><span class="desk-icon"><${Icon} name="mail" /></span>
        <span class="desk-text"><strong>${one.domain}</strong><small>${t("user.since", { when: day(one.created_at) })}</small></span>
        <span class="desk-side"><span class="badge role">${t(`role.${one.role}`)}</span></span>
        <button type="button" class="bad" onClick=${() => setOpen(one)} aria-label=${t("domains.drop_of", { domain: one.domain })}><${Icon} name="close" />${t("domains.drop")}</button></li>`)}</ul>
        <${Copy} label=${t("domains.address")} value=${list[0].sign_up_url} />`}
      <div class="acts"><button type="button" onClick=${() => setOpen("new")}><${Icon} name="plus" />${t("domains.add")}</button></div>`}
    ${open === "new" ? html`<${NewDomain} close=${close} added=${(/** @type {Domain} */ domain) => { close(); toast({ text: t("domains.added", { domain: domain.domain }), kind: "good" }); load(); }} />`
      : open && html`<${Confirm} title=${t("domains.drop_ask", { domain: open.domain })} text=${t("domains.drop_text")} act=${t("domains.drop")} danger close=${close}
        yes=${() => api.remove(`/v1/sign-up-domains/${open.id}`).then(() => undefined, complain).finally(load)} />`}</section>`;
}
