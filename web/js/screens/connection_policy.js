// What may be written to a CRM: four policies, each with what it means; and whether it may merge two of its own records.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { isAdmin, toast } from "../state.js";
import { go } from "../router.js";
import { Choice } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble } from "../parts/notice.js";
import { OfConnection, WizardStep } from "./connection_step.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").Policy} Policy */

const POLICIES = /** @type {const} */ (["read", "propose", "confirm", "fill"]);

/** @param {{connection: Connection, query: URLSearchParams}} props */
function PolicyForm({ connection, query }) {
  const [policy, setPolicy] = useState(connection.policy);
  const [merge, setMerge] = useState(connection.native_merge);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const save = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      if (policy !== connection.policy || merge !== connection.native_merge) await api.patch(`/v1/connections/${connection.id}/policy`, { policy, native_merge: merge }, connection.version);
      toast({ text: t("policy.saved", { name: connection.name }), kind: "good" });
      go(`/app/connections/${connection.id}`, true);
    } catch (failed) {
      setBusy(false);
      setProblem(failed);
    }
  };
  return html`<${WizardStep} n=${6} query=${query} />
    <${Choice} name="policy" legend=${t("policy.which")} value=${policy} options=${POLICIES.map((one) => ({ value: one, label: t(`policy.${one}`), text: t(`policy.${one}.text`) }))}
      choose=${(/** @type {Policy} */ one) => setPolicy(one)} />
    <ul class="promise-list policy-notes"><li><${Icon} name="undo" /><span>${t("policy.note_undo")}</span></li>${!connection.can_merge && html`<li><${Icon} name="lock" /><span>${t("policy.note_merge")}</span></li>`}</ul>
    ${connection.can_merge && html`<label class="check"><input type="checkbox" role="switch" checked=${merge} onChange=${(/** @type {any} */ e) => setMerge(e.target.checked)} />
      <span>${t("policy.merge")}<small>${t("policy.merge_text", { crm: connection.name })}</small></span></label>`}
    ${problem && html`<${Trouble} problem=${problem} />`}
    <div class="acts"><button type="button" onClick=${() => go(`/app/connections/${connection.id}`)}>${t("cancel")}</button>
      <button type="button" class="primary" aria-disabled=${busy ? "true" : undefined} onClick=${save}>${t(busy ? "saving" : "policy.save")}</button></div>`;
}

/** @param {{id: string, query: URLSearchParams}} props */
export const PolicyScreen = ({ id, query }) => isAdmin()
  ? html`<${OfConnection} id=${id} title=${t("policy.title")} lead=${t("policy.lead")} show=${(/** @type {Connection} */ connection) => html`<${PolicyForm} connection=${connection} query=${query} />`} />`
  : html`<section class="desk"><h1 tabindex="-1">${t("policy.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("connections.none_user")} /></section>`;
