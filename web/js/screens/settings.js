// What each person sets for themselves: language, look, shortcuts; and who is signed in here.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { session, setShortcuts, shortcuts } from "../state.js";
import { helpOpen } from "../keys.js";
import { signOut } from "../preferences.js";
import { LEAST } from "../password.js";
import { Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Trouble } from "../parts/notice.js";
import { LanguageChoice, ThemeChoice } from "../parts/look.js";

const Account = () => {
  const user = session.value?.user;
  return html`<section class="panel" aria-labelledby="account-title"><h2 id="account-title">${t("settings.account")}</h2>
    <dl class="facts"><div><dt>${t("user.name")}</dt><dd>${user?.name || "–"}</dd></div>
      <div><dt>${t("user.email")}</dt><dd>${user?.email}</dd></div>
      <div><dt>${t("user.role")}</dt><dd>${t(`role.${user?.role}`)}</dd></div>
      <div><dt>${t("settings.org")}</dt><dd>${session.value?.org.name}</dd></div></dl>
    <div class="acts"><button type="button" onClick=${signOut}><${Icon} name="leave" />${t("sign_out")}</button></div></section>`;
};

/** A new password of one's own; afterwards everybody signs in again, on all devices. */
function Password() {
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState({ now: "", next: "" });
  const [wrong, setWrong] = useState(/** @type {{now?: string, next?: string}} */ ({}));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const close = () => { setOpen(false); setValues({ now: "", next: "" }); setWrong({}); setProblem(null); };
  const change = async () => {
    setProblem(null);
    if ([...values.next].length < LEAST) return setWrong({ next: t("password.short", { n: LEAST }) });
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
        <${Field} id="password-next" label=${t("password.next")} type="password" value=${values.next} required max=${1024} autocomplete="new-password" hint=${t("password.next_hint", { n: LEAST })} error=${wrong.next} set=${(/** @type {string} */ next) => setValues({ ...values, next })} />
        ${problem && html`<${Trouble} problem=${problem} />`}<//>`}</section>`;
}

export const Settings = () => html`<section class="desk settings"><h1 tabindex="-1">${t("settings.title")}</h1>
  <div class="desk-columns even"><div>
    <section class="panel" aria-labelledby="look-title"><h2 id="look-title">${t("settings.look")}</h2><p class="soft">${t("settings.look_text")}</p>
      <${LanguageChoice} /><${ThemeChoice} /></section>
    <section class="panel" aria-labelledby="keys-title"><h2 id="keys-title">${t("keys.title")}</h2><p class="soft">${t("settings.keys_text")}</p>
      <label class="check"><input type="checkbox" role="switch" checked=${shortcuts.value} onChange=${(/** @type {any} */ e) => setShortcuts(e.target.checked)} /><span>${t("keys.on")}</span></label>
      <div class="acts"><button type="button" class="quiet" onClick=${() => { helpOpen.value = true; }}><${Icon} name="keyboard" />${t("settings.keys_show")}</button></div></section></div>
    <div><${Account} /><${Password} />
      <section class="panel" aria-labelledby="tokens-title"><h2 id="tokens-title">${t("tokens.title")}</h2><p class="soft">${t("tokens.settings_text")}</p>
        <a class="button" href="/app/tokens"><${Icon} name="plug" />${t("tokens.open")}</a></section>
      <p class="soft version">${t("settings.version", { version: document.getElementById("app")?.dataset.version || "" })}</p></div></div>
</section>`;
