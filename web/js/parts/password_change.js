// A new password of one's own, by the same rule as everywhere: the service judges it, here only its length is looked at before.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { LEAST, LEAST_WITH } from "../password.js";
import { Field, Form } from "./field.js";
import { Icon } from "./icon.js";
import { Trouble } from "./notice.js";

/** With a second factor fewer characters are enough. */
const leastNow = () => api.get("/v1/second-factor").then((factor) => (factor.enrolled || factor.required ? LEAST_WITH : LEAST), () => LEAST_WITH);

/** A new password of one's own; afterwards everybody signs in again, on all devices. */
export function Password() {
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState({ now: "", next: "" });
  const [wrong, setWrong] = useState(/** @type {{now?: string, next?: string}} */ ({}));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const close = () => { setOpen(false); setValues({ now: "", next: "" }); setWrong({}); setProblem(null); };
  const change = async () => {
    setProblem(null);
    const least = await leastNow();
    if ([...values.next].length < least) return setWrong({ next: t("password.short", { n: least }) });
    setBusy(true);
    try {
      await api.patch("/v1/session", { password: values.next, ...(values.now ? { password_now: values.now } : {}) });
      location.assign("/sign-in");
    } catch (failed) {
      const there = /** @type {any} */ (failed).errors?.[0]?.pointer === "/password_now";
      if (there) setWrong({ now: t("password.not_this") });
      else setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="panel" aria-labelledby="password-title"><h2 id="password-title">${t("password.title")}</h2><p class="soft">${t("password.text")}</p>
    ${!open ? html`<button type="button" onClick=${() => setOpen(true)}><${Icon} name="lock" />${t("password.change")}</button>`
      : html`<${Form} send=${change} busy=${busy} act=${t("password.change")} doing=${t("saving")} cancel=${close} wrong=${(/** @type {string[]} */ ids) => setWrong(ids.length ? { next: t("form.missing") } : {})}>
        <${Field} id="password-now" label=${t("password.now")} type="password" value=${values.now} max=${1024} autocomplete="current-password" hint=${t("password.now_hint")} error=${wrong.now} set=${(/** @type {string} */ now) => setValues({ ...values, now })} />
        <${Field} id="password-next" label=${t("password.next")} type="password" value=${values.next} required max=${1024} autocomplete="new-password" hint=${t("password.next_hint", { n: LEAST, fewer: LEAST_WITH })} error=${wrong.next} set=${(/** @type {string} */ next) => setValues({ ...values, next })} />
        ${problem && html`<${Trouble} problem=${problem} />`}<//>`}</section>`;
}
