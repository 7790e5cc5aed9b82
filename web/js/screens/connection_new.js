// A new connection: which CRM, what of it is read and written, its address and credentials; kept only if it works.
import { api } from "../api.js";
import { t, textOr } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { go } from "../router.js";
import { label } from "../fields.js";
import { Choice } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Callback, goToConsent, Scopes } from "./connection_consent.js";
import { ConnectionForm, formOf, needsConsent, settingsOf } from "./connection_form.js";

/** @typedef {import("../types.js").Connector} Connector */

const BUILT_IN = "address_book"; // is there from the start, once

/** @param {Connector} kind */
const optionOf = (kind) => ({ value: kind.kind, label: kind.name, text: textOr(`connector.${kind.kind}.about`, undefined) });

/** What becomes of it, said before it is connected. @param {{kind: Connector}} props */
const Promises = ({ kind }) => html`<section class="panel" aria-labelledby="promise-title"><h2 id="promise-title">${t("connector.promise")}</h2>
  <ul class="promise-list">
    <li><${Icon} name="check" /><span>${t("connector.reads")}</span></li>
    <li><${Icon} name="check" /><span>${t("connector.writes", { fields: kind.fields.map(label).join(", ") })}</span></li>
    <li><${Icon} name="undo" /><span>${t(kind.undo_create_key)}</span></li>
    <li><${Icon} name="undo" /><span>${t(kind.undo_update_key)}</span></li>
    <li><${Icon} name="lock" /><span>${t("connector.secret")}</span></li>
  </ul>${kind.oauth && html`<${Scopes} scopes=${kind.oauth.scopes} />`}</section>`;

/** @param {{kind: Connector}} props */
function NewForm({ kind }) {
  const [values, setValues] = useState(formOf(kind));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const connect = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const fresh = await api.post("/v1/connections", { kind: kind.kind, ...settingsOf(kind, values) });
      if (fresh.authorization?.state === "needed") { // kept; from here on its own page is the place to go on, also after "back"
        go(`/app/connections/${fresh.id}`, true);
        await goToConsent(fresh.id).catch(complain);
        return;
      }
      toast({ text: t("connection.connected", { name: fresh.name }), kind: "good" });
      go(`/app/connections/${fresh.id}/test?new`, true);
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="panel" aria-labelledby="form-title"><h2 id="form-title">${t("connection.access", { name: kind.name })}</h2>
    ${kind.oauth?.grants.includes("code") ? html`<${Callback} oauth=${kind.oauth} />` : null}
    <${ConnectionForm} kind=${kind} values=${values} set=${setValues} send=${connect} busy=${busy} problem=${problem} act=${t(needsConsent(kind, values) ? "consent.save" : "connection.connect")} cancel=${() => go("/app/connections")} /></section>`;
}

export function ConnectionNew() {
  const [kinds, setKinds] = useState(/** @type {Connector[] | null} */ (null));
  const [chosen, setChosen] = useState("");
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get("/v1/connectors").then((page) => { setKinds(page.items.filter((/** @type {Connector} */ one) => one.kind !== BUILT_IN)); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const kind = kinds?.find((one) => one.kind === chosen) || kinds?.[0];
  const head = html`<p class="back"><a href="/app/connections"><${Icon} name="left" />${t("connections.title")}</a></p>
    <h1 tabindex="-1">${t("connections.add")}</h1>`;
  if (!isAdmin()) return html`<section class="desk">${head}<${Empty} icon="lock" title=${t("admin.only")} text=${t("connections.none_user")} /></section>`;
  return html`<section class="desk">${head}<p class="lead">${t("connection.new_lead")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !kind ? html`<${Waiting} />` : html`
      <${Choice} name="kind" legend=${t("connection.which")} value=${kind.kind} options=${(kinds || []).map(optionOf)} choose=${setChosen} />
      <div class="desk-columns"><${NewForm} key=${kind.kind} kind=${kind} /><${Promises} kind=${kind} /></div>`}
  </section>`;
}
