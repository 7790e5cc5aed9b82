// Who may sign in: add, change, suspend. A generated password is shown once; without one a sign-in link is needed.
import { api } from "../api.js";
import { day, language, t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, session, toast } from "../state.js";
import { newPassword } from "../password.js";
import { CopyLine } from "../parts/copy.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { ROLES, roleOptions } from "../parts/roles.js";
import { ResetFactor, UserSignIns } from "../parts/user_sign_ins.js";

/** @typedef {import("../types.js").User} User */

const WAYS = /** @type {const} */ (["password", "link"]);
const roles = () => roleOptions(ROLES);
const ways = () => WAYS.map((value) => ({ value, label: t(`way.${value}`), text: t(`way.${value}.text`) }));

/** What the service found wrong there, in words for this form. @param {any} problem @param {"/name" | "/email"} pointer */
function faultAt(problem, pointer) {
  if (!problem?.errors?.some((/** @type {any} */ one) => one.pointer === pointer)) return undefined;
  return pointer === "/email" ? t(problem.slug === "conflict" ? "user.email_taken" : "user.email_bad") : t("form.missing");
}

/** A password that nobody can look up later. @param {{who: string, password: string, close: () => void}} props */
function Handover({ who, password, close }) {
  return html`<${Dialog} title=${t("user.password_title")} close=${close}>
    <p>${t("user.password_once", { name: who })}</p>
    <${CopyLine} value=${password} />
    <p class="soft">${t("user.password_advice")}</p>
    <div class="acts"><button type="button" class="primary" onClick=${close}>${t("user.password_done")}</button></div><//>`;
}

/** @param {{close: () => void, added: (user: User, password: string) => void}} props */
function NewUser({ close, added }) {
  const [values, setValues] = useState({ name: "", email: "", role: "user", way: "password" });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  /** @param {Partial<typeof values>} change */
  const set = (change) => setValues({ ...values, ...change });
  const add = async () => {
    const password = values.way === "password" ? newPassword() : "";
    setBusy(true);
    setProblem(null);
    try {
      added(await api.post("/v1/users", { name: values.name.trim(), email: values.email.trim(), role: values.role, language, ...(password ? { password } : {}) }), password);
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  /** @param {string} id @param {"/name" | "/email"} pointer */
  const error = (id, pointer) => faultAt(problem, pointer) || (missing.includes(id) ? t("form.missing") : undefined);
  return html`<${Dialog} title=${t("users.add")} close=${close}>
    <${Form} send=${add} busy=${busy} act=${t("users.add")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Field} id="user-name" label=${t("user.name")} value=${values.name} required error=${error("user-name", "/name")} set=${(/** @type {string} */ name) => set({ name })} />
      <${Field} id="user-email" label=${t("user.email")} type="email" value=${values.email} required max=${254} error=${error("user-email", "/email")} set=${(/** @type {string} */ email) => set({ email })} />
      <${Choice} name="role" legend=${t("user.role")} value=${values.role} options=${roles()} choose=${(/** @type {string} */ role) => set({ role })} />
      <${Choice} name="way" legend=${t("user.way")} value=${values.way} options=${ways()} choose=${(/** @type {string} */ way) => set({ way })} />
      ${problem && !problem.errors.length && html`<${Trouble} problem=${problem} />`}
    <//><//>`;
}

/** @param {{user: User, close: () => void, save: (change: object) => Promise<any>, turn: (kind: "renew" | "suspend" | "sign_ins" | "reset") => void}} props */
function ChangeUser({ user, close, save, turn }) {
  const [values, setValues] = useState({ name: user.name, role: /** @type {string} */ (user.role) });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const keep = () => { setBusy(true); save({ name: values.name.trim(), role: values.role }).then(close, (failed) => { if (failed.slug === "stale") { complain(failed); close(); } else setProblem(failed); }).finally(() => setBusy(false)); };
  return html`<${Dialog} title=${user.name || user.email} close=${close}>
    <${Form} send=${keep} busy=${busy} act=${t("save")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <p class="soft">${user.email}</p>
      <${Field} id="user-name" label=${t("user.name")} value=${values.name} required error=${missing.length ? t("form.missing") : faultAt(problem, "/name")} set=${(/** @type {string} */ name) => setValues({ ...values, name })} />
      <${Choice} name="role" legend=${t("user.role")} value=${values.role} options=${roles()} choose=${(/** @type {string} */ role) => setValues({ ...values, role })} />
      <p class="soft">${t("user.role_note")}</p>
      ${problem && html`<${Trouble} problem=${problem} />`}<//>
    <div class="dialog-more"><button type="button" class="quiet" onClick=${() => turn("renew")}><${Icon} name="lock" />${t("user.renew")}</button>
      <button type="button" class="quiet" onClick=${() => turn("sign_ins")}><${Icon} name="leave" />${t("user.sign_ins")}</button>
      <button type="button" class="quiet" onClick=${() => turn("reset")}><${Icon} name="phone" />${t("user.factor_reset")}</button>
      <button type="button" class="quiet bad" onClick=${() => turn("suspend")}><${Icon} name="close" />${t("user.suspend")}</button></div><//>`;
}

/** @param {{user: User, open: () => void, back: () => void}} props */
function Row({ user, open, back }) {
  const mine = user.id === session.value?.user.id;
  const off = user.state === "suspended";
  return html`<li class=${off ? "desk-row off" : "desk-row"}><span class="desk-icon" aria-hidden="true">${(user.name || user.email).slice(0, 1).toLocaleUpperCase()}</span>
    <span class="desk-text"><strong>${user.name || user.email}${mine && html` <small>${t("user.you")}</small>`}</strong><small>${user.email}</small><small>${t("user.since", { when: day(user.created_at) })}</small></span>
    <span class="desk-side"><span class=${`badge role ${user.role}`}>${t(`role.${user.role}`)}</span>${off && html`<span class="badge health down"><span aria-hidden="true">▲</span> ${t("user.suspended")}</span>`}</span>
    ${user.role === "support" ? null : off ? html`<button type="button" onClick=${back}>${t("user.reactivate")}</button>` : html`<button type="button" onClick=${open} aria-label=${t("edit_field", { field: user.name || user.email })}><${Icon} name="edit" />${t("edit")}</button>`}</li>`;
}

/** @typedef {{kind: "new"} | {kind: "change" | "suspend" | "renew" | "sign_ins" | "reset", user: User} | {kind: "handover", who: string, password: string} | null} Open what is open above the list */

/** What stands above the list. @param {{open: Open, set: (open: Open) => void, change: (user: User, change: object) => Promise<any>, load: () => void}} props */
function Above({ open, set, change, load }) {
  const close = () => set(null);
  if (!open) return null;
  if (open.kind === "new") return html`<${NewUser} close=${close} added=${(/** @type {User} */ user, /** @type {string} */ password) => {
    load();
    if (password) set({ kind: "handover", who: user.name, password });
    else { close(); toast({ text: t("user.added_link", { name: user.name }), kind: "good" }); }
  }} />`;
  if (open.kind === "handover") return html`<${Handover} who=${open.who} password=${open.password} close=${close} />`;
  const { user } = open;
  if (open.kind === "sign_ins") return html`<${UserSignIns} user=${user} close=${close} />`;
  if (open.kind === "reset") return html`<${ResetFactor} user=${user} close=${close} />`;
  if (open.kind === "suspend") return html`<${Confirm} title=${t("user.suspend_ask", { name: user.name })} text=${t("user.suspend_text")} act=${t("user.suspend")} danger close=${close}
    yes=${() => change(user, { state: "suspended" }).then(() => toast({ text: t("user.suspended_done", { name: user.name }), kind: "good", label: t("undo"), act: () => api.get("/v1/users").then((page) => change(page.items.find((/** @type {User} */ one) => one.id === user.id), { state: "active" })).catch(complain) }), complain)} />`;
  if (open.kind === "renew") return html`<${Confirm} title=${t("user.renew_ask", { name: user.name })} text=${t("user.renew_text")} act=${t("user.renew")} close=${close}
    yes=${() => { const password = newPassword(); change(user, { password }).then(() => set({ kind: "handover", who: user.name, password }), complain); }} />`;
  return html`<${ChangeUser} user=${user} close=${close} save=${(/** @type {object} */ values) => change(user, values)} turn=${(/** @type {"renew" | "suspend" | "sign_ins" | "reset"} */ kind) => set({ kind, user })} />`;
}

export function Users() {
  const [list, setList] = useState(/** @type {User[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {Open} */ (null));
  const load = () => api.get("/v1/users").then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  /** @param {User} user @param {object} change */
  const change = async (user, change) => {
    const now = await api.patch(`/v1/users/${user.id}`, change, user.version).catch((problem) => {
      if (problem.slug === "stale") load();
      if (problem.slug === "conflict") problem.detail = t("user.last_admin");
      throw problem;
    });
    setList((old) => (old || []).map((one) => (one.id === now.id ? now : one)));
    return now;
  };
  if (!isAdmin()) return html`<section class="desk"><h1 tabindex="-1">${t("users.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("users.not_yours")} /></section>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("users.title")}</h1><p class="lead">${t("users.lead")}</p>
        <p class="more-links"><a href="/app/users/joining"><${Icon} name="mail" />${t("joining.open")}</a> <a href="/app/users/sign-on"><${Icon} name="external" />${t("users.sign_on")}</a> <a href="/app/users/roles"><${Icon} name="check" />${t("roles.open")}</a> <a href="/app/users/support"><${Icon} name="lock" />${t("support.open")}</a> <a href="/app/tokens"><${Icon} name="plug" />${t("tokens.title")}</a></p></div>
      <button type="button" class="primary" onClick=${() => setOpen({ kind: "new" })}><${Icon} name="plus" />${t("users.add")}</button></header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />`
      : html`<ul class="rows">${list.map((user) => html`<${Row} key=${user.id} user=${user} open=${() => setOpen({ kind: "change", user })} back=${() => change(user, { state: "active" }).then(() => toast({ text: t("user.active_again", { name: user.name }), kind: "good" }), complain)} />`)}</ul>`}
    <${Above} key=${open?.kind} open=${open} set=${setOpen} change=${change} load=${load} />
  </section>`;
}
