// Alerts: suspicious patterns of the audit trail, each leading to the entries behind it; for administrators.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { useLive } from "../live.js";
import { Icon } from "../parts/icon.js";
import { Segments } from "../parts/look.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Alert} Alert */

/** Where the entries behind it are. @param {Alert} alert */
function trailOf(alert) {
  const by = alert.address && alert.kind === "guessing" ? ["address", alert.address] : alert.session_id ? ["session", alert.session_id] : alert.user_id ? ["user", alert.user_id] : null;
  return by && `/app/audit?${new URLSearchParams({ [by[0]]: by[1] })}`;
}

/** @param {{alert: Alert, names: Record<string, string>, see: () => void}} props */
function Row({ alert, names, see }) {
  const trail = trailOf(alert);
  const whose = [alert.user_id && (names[alert.user_id] || alert.user_id), alert.address, alert.host].filter(Boolean).join(" · ");
  return html`<li class="audit-row"><span class="desk-text"><strong>${t(`alert.${alert.kind}`)}</strong><span>${alert.sentence}</span>
      <small>${whose}${alert.kind !== "new_host" && ` · ${t("alert.amount", { n: alert.amount })}`}</small><small>${when(alert.first_at)} – ${when(alert.last_at)}</small>
      ${alert.seen_at && html`<small>${t("alert.seen_by", { name: names[alert.seen_by || ""] || alert.seen_by || "", when: when(alert.seen_at) })}</small>`}</span>
    <span class="acts">${trail && html`<a class="button" href=${trail}><${Icon} name="search" />${t("alert.trail")}</a>`}
      ${!alert.seen_at && html`<button type="button" class="primary" onClick=${see}><${Icon} name="check" />${t("alert.see")}</button>`}</span></li>`;
}

export function Alerts() {
  const [list, setList] = useState(/** @type {Alert[] | null} */ (null));
  const [seen, setSeen] = useState(false);
  const [names, setNames] = useState(/** @type {Record<string, string>} */ ({}));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/alerts?limit=100&seen=${seen}`).then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, [seen]);
  useEffect(() => { if (isAdmin()) api.get("/v1/users").then((page) => setNames(Object.fromEntries(page.items.map((/** @type {any} */ one) => [one.id, one.name || one.email]))), () => undefined); }, []);
  useLive(["alert"], load);
  /** @param {Alert} alert */
  const see = (alert) => api.post(`/v1/alerts/${alert.id}/seen`).then(() => { toast({ text: t("alert.seen"), kind: "good" }); load(); }, complain);
  if (!isAdmin()) return html`<section class="desk"><h1 tabindex="-1">${t("nav.alerts")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("audit.not_yours")} /></section>`;
  return html`<section class="desk"><p class="back"><a href="/app/audit">← ${t("audit.title")}</a></p>
    <header class="screen-head"><div><h1 tabindex="-1">${t("nav.alerts")}</h1><p class="lead">${t("alert.lead")}</p></div></header>
    <${Segments} name="shelf" title=${t("alert.which")} now=${seen ? "all" : "open"} choose=${(/** @type {string} */ value) => setSeen(value === "all")} options=${[{ value: "open", text: t("alert.open") }, { value: "all", text: t("alert.all") }]} />
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />`
      : list.length === 0 ? html`<${Empty} icon="check" title=${t("alert.none")} text=${t("alert.none_text")} />`
        : html`<ul class="rows">${list.map((alert) => html`<${Row} key=${alert.id} alert=${alert} names=${names} see=${() => see(alert)} />`)}</ul>`}
  </section>`;
}
