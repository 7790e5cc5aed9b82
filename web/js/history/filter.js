// Which write-backs are shown; the choices stand in the address, so that it can be passed on.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { useColleagues } from "../inbox/desk.js";

/** What can be asked for. The others last seconds. */
const STATES = ["written", "waiting", "uncertain", "conflict", "refused", "undone", "undo_conflict", "left"];
const NAMES = ["contact", "state", "connection", "by", "days"];
const DAYS = ["1", "7", "30"];

/** @param {URLSearchParams | undefined} query of the page @returns {Record<string, string>} what is asked for */
export const filterOf = (query) => Object.fromEntries(NAMES.flatMap((name) => { const value = query?.get(name); return value ? [[name, value]] : []; }));

/** @param {{id: string, text: string, value: string, options: {id: string, name: string}[], set: (value: string) => void}} props */
const Choice = ({ id, text, value, options, set }) => html`<div><label for=${id}>${text}</label><select id=${id} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
  <option value="">${t("history.all")}</option>${options.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === value}>${one.name}</option>`)}</select></div>`;

/** @param {{filter: Record<string, string>, set: (filter: Record<string, string>) => void}} props */
export function HistoryFilter({ filter, set }) {
  const [connections, setConnections] = useState(/** @type {{id: string, name: string}[]} */ ([]));
  const colleagues = useColleagues();
  useEffect(() => { api.get("/v1/connections").then((page) => setConnections(page.items), () => {}); }, []);
  /** @param {string} name */
  const put = (name) => (/** @type {string} */ value) => { const { [name]: _, ...rest } = filter; set(value ? { ...rest, [name]: value } : rest); };
  return html`<div class="filter history-filter">
    <${Choice} id="history-state" text=${t("history.show")} value=${filter.state} options=${STATES.map((id) => ({ id, name: t(`write_back.${id}`) }))} set=${put("state")} />
    <${Choice} id="history-connection" text=${t("inbox.connection")} value=${filter.connection} options=${connections} set=${put("connection")} />
    <${Choice} id="history-by" text=${t("history.by_filter")} value=${filter.by} options=${colleagues} set=${put("by")} />
    <${Choice} id="history-days" text=${t("history.days")} value=${filter.days} options=${DAYS.map((id) => ({ id, name: t("history.last_days", { n: Number(id) }) }))} set=${put("days")} /></div>`;
}
