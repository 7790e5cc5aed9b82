// One line under the bar while the service cannot be reached or wants a new sign-in: what stays safe, and what can be done.
import { t } from "../i18n.js";
import { net } from "../phone/net.js";
import { flush, homeless, unsent } from "../queue.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";

export function NetLine() {
  const waiting = unsent();
  const n = homeless.value ? waiting.length : waiting.filter((item) => item.kept).length; // what is said to lie here does
  if (net.value === "on") return homeless.value && n ? html`<p class="net-line" role="status"><${Icon} name="alert" /><span>${t("net.homeless")}</span></p>` : null;
  const out = net.value === "out";
  const again = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  return html`<div class="net-line" role="status"><${Icon} name=${out ? "lock" : "offline"} />
    <span>${t(out ? "net.out" : "net.off")} ${n > 0 && t(homeless.value ? "net.homeless" : out ? "net.kept_out" : "net.kept", { n })}</span>
    ${out ? html`<a class="button" href=${again} target="_self">${t("net.sign_in")}</a>` : n > 0 && html`<button type="button" onClick=${flush}><${Icon} name="refresh" />${t("net.send")}</button>`}</div>`;
}
