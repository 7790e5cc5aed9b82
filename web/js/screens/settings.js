// What each person sets for themselves: language, look, shortcuts; and who is signed in here.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { session, setShortcuts, shortcuts } from "../state.js";
import { helpOpen } from "../keys.js";
import { signOut } from "../preferences.js";
import { Icon } from "../parts/icon.js";
import { LanguageChoice, ThemeChoice } from "../parts/look.js";

const Account = () => {
  const user = session.value?.user;
  return html`<section class="panel" aria-labelledby="account-title"><h2 id="account-title">${t("settings.account")}</h2>
    <dl class="facts"><div><dt>${t("user.name")}</dt><dd>${user?.name || "–"}</dd></div>
      <div><dt>${t("user.email")}</dt><dd>${user?.email}</dd></div>
      <div><dt>${t("user.role")}</dt><dd>${t(`role.${user?.role}`)}</dd></div>
      <div><dt>${t("settings.org")}</dt><dd>${session.value?.org.name}</dd></div></dl>
    <div class="acts"><a class="button" href="/app/account"><${Icon} name="lock" />${t("account.open")}</a><button type="button" onClick=${signOut}><${Icon} name="leave" />${t("sign_out")}</button></div></section>`;
};

export const Settings = () => html`<section class="desk settings"><h1 tabindex="-1">${t("settings.title")}</h1>
  <div class="desk-columns even"><div>
    <section class="panel" aria-labelledby="look-title"><h2 id="look-title">${t("settings.look")}</h2><p class="soft">${t("settings.look_text")}</p>
      <${LanguageChoice} /><${ThemeChoice} /></section>
    <section class="panel" aria-labelledby="keys-title"><h2 id="keys-title">${t("keys.title")}</h2><p class="soft">${t("settings.keys_text")}</p>
      <label class="check"><input type="checkbox" role="switch" checked=${shortcuts.value} onChange=${(/** @type {any} */ e) => setShortcuts(e.target.checked)} /><span>${t("keys.on")}</span></label>
      <div class="acts"><button type="button" class="quiet" onClick=${() => { helpOpen.value = true; }}><${Icon} name="keyboard" />${t("settings.keys_show")}</button></div></section></div>
    <div><${Account} />
      <section class="panel" aria-labelledby="tokens-title"><h2 id="tokens-title">${t("tokens.title")}</h2><p class="soft">${t("tokens.settings_text")}</p>
        <a class="button" href="/app/tokens"><${Icon} name="plug" />${t("tokens.open")}</a></section>
      <p class="soft version">${t("settings.version", { version: document.getElementById("app")?.dataset.version || "" })}</p></div></div>
</section>`;
