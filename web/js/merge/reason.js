// Not the same person, with a reason for those who come after.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { Dialog } from "../parts/dialog.js";

const LONGEST = 500;

/** @param {{candidate: import("../types.js").Candidate, version: number, done: () => void, close: () => void}} props */
export function WhyDifferent({ candidate, version, done, close }) {
  const [reason, setReason] = useState("");
  /** @param {Event} event */
  const say = (event) => {
    event.preventDefault();
    api.post(`/v1/candidates/${candidate.id}/decision`, { same: false, ...(reason.trim() ? { reason: reason.trim() } : {}) }, { version })
      .then(() => { close(); toast({ text: t("candidate.different_done"), kind: "good" }); done(); }, complain);
  };
  return html`<${Dialog} title=${t("candidate.not_same")} close=${close}><p>${candidate.display}</p>
    <form onSubmit=${say}><label for="different-reason">${t("candidate.reason")}</label>
      <textarea id="different-reason" rows="3" maxlength=${LONGEST} autofocus value=${reason} onInput=${(/** @type {any} */ e) => setReason(e.target.value)}></textarea>
      <div class="acts end"><button type="button" onClick=${close}>${t("cancel")}</button><button type="submit" class="primary">${t("candidate.not_same")}</button></div></form><//>`;
}
