// What goes on between a connection and its CRM: what waits, how calls go, the vendor's limit, and a pause for who looks after it.
import { api } from "../api.js";
import { amount, t, when } from "../i18n.js";
import { useLive } from "../live.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { Confirm } from "./dialog.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.js").Traffic} TrafficOf */

/** What the vendor said last of its limit. @param {TrafficOf} traffic */
function quotaOf({ quota_at, quota_left, quota_limit }) {
  if (!quota_at) return t("traffic.quota_unsaid");
  const said = { left: amount(quota_left), limit: amount(quota_limit), when: when(quota_at) };
  return quota_limit > 0 ? html`<meter min="0" max=${quota_limit} low=${quota_limit / 10} value=${quota_left} aria-label=${t("traffic.quota")}></meter> ${t("traffic.quota_of", said)}` : t("traffic.quota_left", said);
}

/** @typedef {import("../types.js").ConnectionCall} Call */

/** A row of the table; what was written leads to its entry in the history. @param {{call: Call}} props */
const CallRow = ({ call }) => html`<tr><td>${when(call.at)}</td>
  <td>${call.write_back ? html`<a href="/app/history">${t(`traffic.work.${call.work}`)}</a> <code>${call.write_back.slice(-8)}</code>` : t(`traffic.work.${call.work}`)}</td>
  <td>${call.problem ? html`<span class="no"><${Icon} name="alert" />${call.problem}</span>` : html`<span class="ok"><${Icon} name="check" />${t("traffic.fine")}</span>`}</td>
  <td class="number">${t("traffic.ms", { n: amount(call.total_ms) })}</td></tr>`;

/** How the last calls went, from what was noted at each. @param {{traffic: TrafficOf, oauth: boolean}} props oauth: there are tokens to renew */
const Record = ({ traffic, oauth }) => html`<details class="entry-changes fold-away traffic-record"><summary><${Icon} name="right" /><span>${t("traffic.record")}</span></summary>
  <h3>${t("traffic.faults")}</h3>
  ${traffic.faults.length ? html`<dl class="facts">${traffic.faults.map((one) => html`<div key=${one.problem}><dt>${t("traffic.fault", { n: one.n, when: when(one.last_at) })}</dt><dd>${one.problem}</dd></div>`)}</dl>`
    : html`<p>${t("traffic.no_faults", { n: traffic.kept })}</p>`}
  ${oauth && html`<h3>${t("traffic.renewals")}</h3>
  ${traffic.renewals.length ? html`<dl class="facts">${traffic.renewals.map((one, i) => html`<div key=${i}><dt>${when(one.at)}</dt><dd>${one.problem ? t("traffic.not_renewed", { problem: one.problem }) : t("traffic.renewed")}</dd></div>`)}</dl>`
    : html`<p class="soft">${t("traffic.no_renewals")}</p>`}`}
  <h3 id="calls-title">${t("traffic.calls")}</h3><p class="soft">${t("traffic.calls_text")}</p>
  ${traffic.calls.length ? html`<div class="scroll-box" role="region" aria-labelledby="calls-title" tabindex="0"><table class="call-table"><thead><tr>${/** @type {const} */ (["when", "what", "how", "took"]).map((name) => html`<th key=${name} scope="col">${t(`traffic.${name}`)}</th>`)}</tr></thead>
    <tbody>${traffic.calls.map((call, i) => html`<${CallRow} key=${i} call=${call} />`)}</tbody></table></div>` : html`<p>${t("traffic.no_calls")}</p>`}</details>`;

/** @param {{traffic: TrafficOf}} props */
const Facts = ({ traffic }) => html`<dl class="facts">
  <div><dt>${t("traffic.waiting")}</dt><dd>${traffic.waiting ? html`<a href="/app/history">${t("traffic.waiting_n", { n: traffic.waiting })}</a>` : t("traffic.nothing_waits")}</dd></div>
  ${traffic.uncertain > 0 && html`<div><dt>${t("traffic.uncertain")}</dt><dd><a href="/app/history">${t("traffic.uncertain_n", { n: traffic.uncertain })}</a></dd></div>`}
  ${traffic.failures > 0 && html`<div><dt>${t("traffic.failures")}</dt><dd>${amount(traffic.failures)}</dd></div>`}
  ${traffic.retry_at && html`<div><dt>${t("traffic.retry")}</dt><dd>${when(traffic.retry_at)}</dd></div>`}
  <div><dt>${t("traffic.quota")}</dt><dd>${quotaOf(traffic)}</dd></div>
  ${traffic.requests > 0 && html`<div><dt>${t("traffic.speed")}</dt><dd>${t("traffic.speed_of", { mean: amount(traffic.mean_ms), slowest: amount(traffic.slowest_ms) })} <small>${t("traffic.speed_text", { n: traffic.kept, requests: amount(traffic.requests) })}</small></dd></div>`}</dl>`;

/** @param {{id: string, name: string, oauth: boolean}} props oauth: access is granted by tokens that end */
export function Traffic({ id, name, oauth }) {
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
    <${Record} traffic=${traffic} oauth=${oauth} />
    ${isAdmin() && html`<div class="acts">${traffic.paused_at ? html`<button type="button" class="primary" onClick=${() => send("resume")}><${Icon} name="refresh" />${t("traffic.resume")}</button>`
      : html`<button type="button" onClick=${() => setAsking(true)}><${Icon} name="pause" />${t("traffic.pause")}</button>`}</div>`}
    ${asking && html`<${Confirm} title=${t("traffic.pause_ask", { name })} text=${t("traffic.pause_text")} act=${t("traffic.pause")} yes=${() => send("pause")} close=${() => setAsking(false)} />`}
  </section>`;
}
