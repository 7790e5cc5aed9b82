// Invitations: made, shown once, listed without their codes, revoked.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { Copy } from "./copy.js";
import { Confirm, Dialog } from "./dialog.js";
import { Choice, Field, Form } from "./field.js";
import { Icon } from "./icon.js";
import { JOINING, roleOptions } from "./roles.js";
import { Trouble, Waiting } from "./notice.js";

/** @typedef {import("../types.js").Invitation} Invitation */

const DAYS = /** @type {const} */ ([1, 7, 30, 90]);
const WHOM = /** @type {const} */ (["email", "domain", "anybody"]);

/** @param {{whom: string, bound: string, role: string, days: number, uses: string}} values */
function sent({ whom, bound, role, days, uses }) {
  const binding = whom === "anybody" ? {} : { [whom]: bound.trim() };
  return { role, days, ...binding, ...(whom === "email" ? {} : { uses: Number(uses) || 0 }) };
}

/** @param {{close: () => void, made: (invitation: Invitation) => void}} props */
function NewInvitation({ close, made }) {
  const [values, setValues] = useState({ whom: "email", bound: "", role: "user", days: 7, uses: "1" });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Partial<typeof values>} change */
  const set = (change) => setValues({ ...values, ...change });
  const make = () => { setBusy(true); setProblem(null); api.post("/v1/invitations", sent(values)).then(made, setProblem).finally(() => setBusy(false)); };
  /** @param {string} pointer */
  const at = (pointer) => problem?.errors?.find((/** @type {any} */ one) => one.pointer === pointer);
  const bound = missing.includes("invitation-bound") ? t("form.missing") : at(`/${values.whom}`) && t(values.whom === "email" ? "user.email_bad" : "domains.bad");
  const uses = missing.includes("invitation-uses") ? t("form.missing") : at("/uses") && t("invitation.uses_bad");
  return html`<${Dialog} title=${t("invitation.add")} close=${close}>
    <${Form} send=${make} busy=${busy} act=${t("invitation.add")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Choice} name="whom" legend=${t("invitation.whom")} value=${values.whom} options=${WHOM.map((value) => ({ value, label: t(`invitation.whom.${value}`), text: t(`invitation.whom.${value}.text`) }))} choose=${(/** @type {string} */ whom) => set({ whom })} />
      ${values.whom === "email" && html`<${Field} id="invitation-bound" label=${t("user.email")} type="email" value=${values.bound} required max=${254} error=${bound} set=${(/** @type {string} */ value) => set({ bound: value })} />`}
      ${values.whom === "domain" && html`<${Field} id="invitation-bound" label=${t("domains.domain")} value=${values.bound} required max=${253} hint=${t("domains.domain_hint")} error=${bound} set=${(/** @type {string} */ value) => set({ bound: value })} />`}
      ${values.whom !== "email" && html`<${Field} id="invitation-uses" label=${t("invitation.uses")} type="number" value=${values.uses} required max=${4} hint=${t("invitation.uses_hint")} error=${uses} set=${(/** @type {string} */ value) => set({ uses: value })} />`}
      <${Choice} name="role" legend=${t("user.role")} value=${values.role} options=${roleOptions(JOINING)} choose=${(/** @type {string} */ role) => set({ role })} />
      <div class="form-field"><label for="invitation-days">${t("invitation.days")}</label><select id="invitation-days" onChange=${(/** @type {any} */ e) => set({ days: Number(e.target.value) })}>
        ${DAYS.map((n) => html`<option key=${n} value=${n} selected=${n === values.days}>${t("invitation.days_n", { n })}</option>`)}</select></div>
      ${problem && !bound && !uses && html`<${Trouble} problem=${problem} />`}<//><//>`;
}

/** @param {{invitation: Invitation, close: () => void}} props */
const Handover = ({ invitation, close }) => html`<${Dialog} title=${t("invitation.made")} close=${close}>
  <p>${invitation.mailed ? t("invitation.mailed", { email: invitation.email || "" }) : t("invitation.hand_over")}</p>
  <${Copy} label=${t("invitation.code")} value=${invitation.code || ""} />
  <${Copy} label=${t("invitation.where")} value=${invitation.redeem_url} />
  <div class="acts"><button type="button" class="primary" onClick=${close}>${t("token.done")}</button></div><//>`;

/** Whom it is for. @param {Invitation} one */
const whom = (one) => one.email || (one.domain ? t("invitation.of_domain", { domain: one.domain }) : t("invitation.whom.anybody"));

/** @param {{one: Invitation, revoke: () => void}} props */
const Row = ({ one, revoke }) => html`<li class=${one.state === "open" ? "desk-row" : "desk-row off"}><span class="desk-icon"><${Icon} name="mail" /></span>
  <span class="desk-text"><strong>${whom(one)}</strong><small>${t("invitation.by", { name: one.created_by || "–", until: when(one.expires_at) })}</small><small>${t("invitation.used", { used: one.used, n: one.uses })}</small></span>
  <span class="desk-side"><span class="badge role">${t(`role.${one.role}`)}</span><span class=${one.state === "open" ? "badge health ok" : "badge"}>${t(`invitation.state.${one.state}`)}</span></span>
  ${one.state === "open" && html`<button type="button" class="bad" onClick=${revoke} aria-label=${t("invitation.revoke_of", { whom: whom(one) })}><${Icon} name="close" />${t("revoke")}</button>`}</li>`;

/** @typedef {{kind: "new"} | {kind: "made" | "revoke", one: Invitation} | null} Open */

export function Invitations() {
  const [list, setList] = useState(/** @type {Invitation[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {Open} */ (null));
  const load = () => api.get("/v1/invitations").then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const close = () => setOpen(null);
  /** @param {Invitation} one */
  const revoke = (one) => api.remove(`/v1/invitations/${one.id}`).then(() => toast({ text: t("invitation.revoked"), kind: "good" }), complain).finally(load);
  return html`<section class="panel" aria-labelledby="invitations-title"><h2 id="invitations-title">${t("invitation.title")}</h2><p class="soft">${t("invitation.text")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />`
      : html`${list.length > 0 && html`<ul class="rows">${list.map((one) => html`<${Row} key=${one.id} one=${one} revoke=${() => setOpen({ kind: "revoke", one })} />`)}</ul>`}
        <div class="acts"><button type="button" class="primary" onClick=${() => setOpen({ kind: "new" })}><${Icon} name="plus" />${t("invitation.add")}</button></div>`}
    ${open?.kind === "new" && html`<${NewInvitation} close=${close} made=${(/** @type {Invitation} */ one) => { load(); setOpen({ kind: "made", one }); }} />`}
    ${open?.kind === "made" && html`<${Handover} invitation=${open.one} close=${close} />`}
    ${open?.kind === "revoke" && html`<${Confirm} title=${t("invitation.revoke_ask", { whom: whom(open.one) })} text=${t("invitation.revoke_text")} act=${t("revoke")} danger yes=${() => revoke(open.one)} close=${close} />`}</section>`;
}
