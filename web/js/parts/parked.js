// A write-back that stands still: a person may send it once more after a look into the CRM, or leave it.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { Confirm } from "./dialog.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.js").WriteBack} WriteBack */

/** @param {{one: WriteBack, changed: (now: WriteBack) => void}} props */
export function Parked({ one, changed }) {
  const [asking, setAsking] = useState(/** @type {"resend" | "leave" | null} */ (null));
  const [busy, setBusy] = useState(false);
  if (!one.parked && one.state !== "waiting") return null;
  /** @param {"resend" | "leave"} act */
  const ask = (act) => {
    setBusy(true);
    api.post(`/v1/write-backs/${one.id}/${act}`).then((now) => { changed(now); toast({ text: t(`parked.${act}_done`), kind: "good" }); }, complain).finally(() => setBusy(false));
  };
  const name = one.connection.name || t("history.gone");
  return html`${one.parked && html`<button type="button" disabled=${busy} onClick=${() => setAsking("resend")}><${Icon} name="upload" />${t("parked.resend")}</button>`}
    <button type="button" class="quiet" disabled=${busy} onClick=${() => setAsking("leave")}><${Icon} name="close" />${t("parked.leave")}</button>
    ${asking && html`<${Confirm} title=${t(`parked.${asking}_ask`)} text=${t(one.parked ? `parked.${asking}_text` : "parked.leave_waiting", { name })} act=${t(`parked.${asking}`)}
      yes=${() => ask(asking)} close=${() => setAsking(null)} />`}`;
}
