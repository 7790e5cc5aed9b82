// What an administrator does about somebody's sign-ins: end them, and take away a second factor whose phone is lost.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { Dialog } from "./dialog.js";
import { Field, Form } from "./field.js";
import { Icon } from "./icon.js";
import { Trouble, Waiting } from "./notice.js";
import { Sessions } from "./sessions.js";

/** @typedef {import("../types.js").User} User */
/** @typedef {import("../types.js").SessionEntry} SessionEntry */

/** @param {{user: User, close: () => void}} props */
export function UserSignIns({ user, close }) {
  const [entries, setEntries] = useState(/** @type {SessionEntry[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/sessions?user=${user.id}`).then((page) => { setEntries(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  /** @param {SessionEntry} entry */
  const end = (entry) => api.remove(`/v1/sessions/${entry.id}`).then(() => undefined, complain).finally(load);
  const cutOff = () => api.post(`/v1/users/${user.id}/cut-off`).then(() => { toast({ text: t("user.cut_off_done", { name: user.name }), kind: "good" }); close(); }, complain);
  return html`<${Dialog} title=${t("user.sign_ins_of", { name: user.name })} close=${close}>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !entries ? html`<${Waiting} />`
      : entries.length ? html`<${Sessions} entries=${entries} end=${end} />` : html`<p>${t("user.sign_ins_none")}</p>`}
    <p class="soft">${t("user.cut_off_text")}</p>
    <div class="acts"><button type="button" onClick=${close}>${t("close")}</button><button type="button" class="danger" onClick=${cutOff}><${Icon} name="alert" />${t("session.cut_off")}</button></div><//>`;
}

/** @param {{user: User, close: () => void}} props */
export function ResetFactor({ user, close }) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const reset = () => { setBusy(true); api.post(`/v1/users/${user.id}/second-factor-reset`, { reason: reason.trim() }).then(() => { toast({ text: t("user.factor_gone", { name: user.name }), kind: "good" }); close(); }, setProblem).finally(() => setBusy(false)); };
  return html`<${Dialog} title=${t("user.factor_reset_ask", { name: user.name })} close=${close}>
    <p>${t("user.factor_reset_text")}</p>
    <${Form} send=${reset} busy=${busy} act=${t("user.factor_reset")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Field} id="reset-reason" label=${t("support.reason")} value=${reason} required max=${200} hint=${t("user.factor_reset_hint")} error=${missing.length ? t("form.missing") : undefined} set=${setReason} />
      ${problem && html`<${Trouble} problem=${problem} />`}<//><//>`;
}
