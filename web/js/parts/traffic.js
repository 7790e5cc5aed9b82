// What goes on between a connection and its CRM: what waits, how calls go, the vendor's limit, and a pause for who looks after it.
import { api } from "../api.js";
import { number, t, when } from "../i18n.js";
import { useLive } from "../live.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { Confirm } from "./dialog.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.js").Traffic} TrafficOf */

/** What the vendor said last of its limit. @param {TrafficOf} traffic */
function quotaOf({ quota_at, quota_left, quota_limit }) {
  if (!quota_at) return t("traffic.quota_unsaid");
  const said = { left: number(quota_left), limit: number(quota_limit), when: when(quota_at) };
  return quota_limit > 0 ? html`<meter min="0" max=${quota_limit} low=${quota_limit / 10} value=${quota_left} aria-label=${t("traffic.quota")}></meter> ${t("traffic.quota_of", said)}` : t("traffic.quota_left", said);
}

/** @param {{traffic: TrafficOf}} props */
const Facts = ({ traffic }) => html`<dl class="facts">
  <div><dt>${t("traffic.waiting")}</dt><dd>${traffic.waiting ? html`<a href="/app/history">${t("traffic.waiting_n", { n: traffic.waiting })}</a>` : t("traffic.nothing_waits")}</dd></div>
  ${traffic.uncertain > 0 && html`<div><dt>${t("traffic.uncertain")}</dt><dd><a href="/app/history">${t("traffic.uncertain_n", { n: traffic.uncertain })}</a></dd></div>`}
  ${traffic.failures > 0 && html`<div><dt>${t("traffic.failures")}</dt><dd>${number(traffic.failures)}</dd></div>`}
  ${traffic.retry_at && html`<div><dt>${t("traffic.retry")}</dt><dd>${when(traffic.retry_at)}</dd></div>`}
  <div><dt>${t("traffic.quota")}</dt><dd>${quotaOf(traffic)}</dd></div></dl>`;

/** @param {{id: string, name: string}} props */
export function Traffic({ id, name }) {
  const [traffic, setTraffic] = useState(/** @type {TrafficOf | null} */ (null));
  const [asking, setAsking] = useState(false);
  const load = () => api.get(`/v1/connections/${id}/traffic`).then(setTraffic, () => undefined);
  useEffect(() => { load(); }, [id]);
  useLive(["connection", "write_back"], load);
  /** @param {"pause" | "resume"} act */
  const send = (act) => api.post(`/v1/connections/${id}/${act}`).then((now) => { setTraffic(now); toast({ text: t(act === "pause" ? "traffic.paused_done" : "traffic.resumed"), kind: "good" }); }, complain);
  if (!traffic) return null;
  return html`<section class="panel" aria-labelledby="traffic-title"><h2 id="traffic-title">${t("traffic.title")}</h2>
    ${traffic.paused_at && html`<p class="notice warn" role="status"><${Icon} name="pause" /><span>${t("traffic.paused", { when: when(traffic.paused_at), name: traffic.paused_by || "" })}</span></p>`}
    <${Facts} traffic=${traffic} />
    ${isAdmin() && html`<div class="acts">${traffic.paused_at ? html`<button type="button" class="primary" onClick=${() => send("resume")}><${Icon} name="refresh" />${t("traffic.resume")}</button>`
      : html`<button type="button" onClick=${() => setAsking(true)}><${Icon} name="pause" />${t("traffic.pause")}</button>`}</div>`}
    ${asking && html`<${Confirm} title=${t("traffic.pause_ask", { name })} text=${t("traffic.pause_text")} act=${t("traffic.pause")} yes=${() => send("pause")} close=${() => setAsking(false)} />`}
  </section>`;
}
