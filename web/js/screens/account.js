// One's own account: where one is signed in, the second factor, the password.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, session, toast } from "../state.js";
import { Confirm } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { LanguageChoice, ThemeChoice } from "../parts/look.js";
import { Password } from "../parts/password_change.js";
import { SecondFactor } from "../parts/second_factor.js";
import { Sessions } from "../parts/sessions.js";

/** @typedef {import("../types.js").SessionEntry} SessionEntry */

function SignIns() {
  const [entries, setEntries] = useState(/** @type {SessionEntry[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [asking, setAsking] = useState(false);
  const load = () => api.get("/v1/sessions").then((page) => { setEntries(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  /** @param {SessionEntry} entry */
  const end = (entry) => api.remove(`/v1/sessions/${entry.id}`).then(() => toast({ text: t("session.ended"), kind: "good" }), complain).finally(load);
  const endOthers = () => api.post("/v1/sessions/end-others").then(() => toast({ text: t("session.others_ended"), kind: "good" }), complain).finally(load);
  const cutOff = () => api.post("/v1/sessions/cut-off").then(() => location.assign("/sign-in"), complain);
  return html`<section class="panel" aria-labelledby="sign-ins-title"><h2 id="sign-ins-title">${t("session.title")}</h2><p class="soft">${t("session.text")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !entries ? html`<${Waiting} />` : html`<${Sessions} entries=${entries} end=${end} />
      <div class="acts">${entries.length > 1 && html`<button type="button" onClick=${endOthers}><${Icon} name="leave" />${t("session.end_others")}</button>`}
        <button type="button" class="danger" onClick=${() => setAsking(true)}><${Icon} name="alert" />${t("session.cut_off")}</button></div>`}
    ${asking && html`<${Confirm} title=${t("session.cut_off_ask")} text=${t("session.cut_off_text")} act=${t("session.cut_off")} danger yes=${cutOff} close=${() => setAsking(false)} />`}</section>`;
}

export const Account = () => html`<section class="desk"><p class="back"><a href="/app/settings"><${Icon} name="left" />${t("settings.title")}</a></p>
  <header class="screen-head"><div><h1 tabindex="-1">${t("account.title")}</h1><p class="lead">${t("account.lead", { email: session.value?.user.email || "" })}</p></div></header>
  <div class="desk-columns even"><div><${SignIns} /></div>
    <div><${SecondFactor} /><${Password} />
      <section class="panel" aria-labelledby="look-title"><h2 id="look-title">${t("settings.look")}</h2><${LanguageChoice} /><${ThemeChoice} /></section></div></div></section>`;
