// Support grants: who of support is let in, until when and why. Each of their requests is in the audit trail.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").SupportGrant} SupportGrant */

const AREAS = /** @type {const} */ (["configuration", "content"]);
const HOURS = /** @type {const} */ ([2, 8, 24, 72, 168]);

/** @param {{close: () => void, made: (grant: SupportGrant) => void}} props */
function NewGrant({ close, made }) {
  const [values, setValues] = useState({ name: "", email: "", reason: "", area: "configuration", hours: 8 });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Partial<typeof values>} change */
  const set = (change) => setValues({ ...values, ...change });
  const add = () => { setBusy(true); setProblem(null); api.post("/v1/support-grants", values).then(made, setProblem).finally(() => setBusy(false)); };
  /** @param {string} id */
  const error = (id) => (missing.includes(id) ? t("form.missing") : undefined);
  const address = problem?.errors?.[0]?.pointer === "/email" ? t(problem.slug === "conflict" ? "user.email_taken" : "user.email_bad") : undefined;
  return html`<${Dialog} title=${t("support.add")} close=${close}>
    <${Form} send=${add} busy=${busy} act=${t("support.add")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Field} id="grant-name" label=${t("user.name")} value=${values.name} required error=${error("grant-name")} set=${(/** @type {string} */ name) => set({ name })} />
      <${Field} id="grant-email" label=${t("user.email")} type="email" value=${values.email} required max=${254} error=${address || error("grant-email")} set=${(/** @type {string} */ email) => set({ email })} />
      <${Field} id="grant-reason" label=${t("support.reason")} value=${values.reason} required max=${500} hint=${t("support.reason_hint")} error=${error("grant-reason")} set=${(/** @type {string} */ reason) => set({ reason })} />
      <${Choice} name="area" legend=${t("support.area")} value=${values.area} options=${AREAS.map((value) => ({ value, label: t(`support.area.${value}`), text: t(`support.area.${value}.text`) }))} choose=${(/** @type {string} */ area) => set({ area })} />
      <div class="form-field"><label for="grant-hours">${t("support.hours")}</label><select id="grant-hours" onChange=${(/** @type {any} */ e) => set({ hours: Number(e.target.value) })}>
        ${HOURS.map((n) => html`<option key=${n} value=${n} selected=${n === values.hours}>${t("support.hours_n", { n })}</option>`)}</select></div>
      <p class="soft">${t("support.second_factor")}</p>
      ${problem && !address && html`<${Trouble} problem=${problem} />`}<//><//>`;
}

/** @param {{grant: SupportGrant, end: () => void}} props */
const Row = ({ grant, end }) => html`<li class=${grant.state === "active" ? "desk-row" : "desk-row off"}><span class="desk-icon"><${Icon} name="people" /></span>
  <span class="desk-text"><strong>${grant.name}</strong><small>${grant.email}</small><small>${grant.reason}</small>
    <small>${t("support.span", { by: grant.granted_by, from: when(grant.created_at), to: when(grant.ended_at || grant.expires_at) })}</small></span>
  <span class="desk-side"><span class="badge">${t(`support.area.${grant.area}`)}</span><span class=${grant.state === "active" ? "badge health quota" : "badge"}>${t(`support.state.${grant.state}`)}</span></span>
  ${grant.state === "active" && html`<button type="button" class="bad" onClick=${end} aria-label=${t("support.end_of", { name: grant.name })}><${Icon} name="close" />${t("support.end")}</button>`}</li>`;

export function Support() {
  const [grants, setGrants] = useState(/** @type {SupportGrant[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {"new" | SupportGrant | null} */ (null));
  const load = () => api.get("/v1/support-grants").then((page) => { setGrants(page.items); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  const close = () => setOpen(null);
  /** @param {SupportGrant} grant */
  const end = (grant) => api.remove(`/v1/support-grants/${grant.id}`).then(() => { toast({ text: t("support.ended", { name: grant.name }), kind: "good" }); load(); }, (failed) => { complain(failed); load(); });
  const back = html`<p class="back"><a href="/app/users"><${Icon} name="left" />${t("users.title")}</a></p>`;
  if (!isAdmin()) return html`<section class="desk">${back}<h1 tabindex="-1">${t("support.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("users.not_yours")} /></section>`;
  const add = html`<button type="button" class="primary" onClick=${() => setOpen("new")}><${Icon} name="plus" />${t("support.add")}</button>`;
  return html`<section class="desk">${back}<header class="screen-head"><div><h1 tabindex="-1">${t("support.title")}</h1><p class="lead">${t("support.lead")}</p></div>${grants && grants.length > 0 && add}</header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !grants ? html`<${Waiting} />`
      : grants.length ? html`<ul class="rows">${grants.map((grant) => html`<${Row} key=${grant.id} grant=${grant} end=${() => setOpen(grant)} />`)}</ul>`
      : html`<${Empty} icon="lock" title=${t("support.none")} text=${t("support.none_text")}>${add}<//>`}
    ${open === "new" ? html`<${NewGrant} close=${close} made=${(/** @type {SupportGrant} */ grant) => { close(); toast({ text: t("support.made", { name: grant.name, when: when(grant.expires_at) }), kind: "good" }); load(); }} />`
      : open && html`<${Confirm} title=${t("support.end_ask", { name: open.name })} text=${t("support.end_text")} act=${t("support.end")} danger yes=${() => end(open)} close=${close} />`}
  </section>`;
}
