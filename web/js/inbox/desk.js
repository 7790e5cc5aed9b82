// Putting off until a day, handing to somebody: small dialogs whose first choice takes one key.
import { api } from "../api.js";
import { locale, t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, session } from "../state.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").InboxItem} InboxItem */
/** @typedef {import("../types.js").Colleague} Colleague */

const DAYS = [1, 3, 7, 14];

/** @param {number} days @returns {string} YYYY-MM-DD here */
export function dayIn(days) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
}

/** @param {string} day YYYY-MM-DD */
export const dayText = (day) => new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short" }).format(new Date(`${day}T12:00`));

/** @param {string} id @param {{postponed_until?: string, assignee_id?: string}} change @returns {Promise<InboxItem>} */
export const change = (id, change) => api.patch(`/v1/inbox/${id}`, change);

/** @param {{n: number, put: (day: string) => void, close: () => void}} props */
export function PutOff({ n, put, close }) {
  const [day, setDay] = useState(dayIn(2));
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  return html`<${Dialog} title=${t("inbox.later_title", { n })} close=${close}><div class="quick-choices">
    ${DAYS.map((days, i) => html`<button key=${days} type="button" autofocus=${i === 0} onClick=${() => put(dayIn(days))}>
      <span>${words.format(days, "day")}</span><small>${dayText(dayIn(days))}</small></button>`)}</div>
    <form class="inline-search" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); put(day); }}><label for="later-day">${t("inbox.later_day")}</label>
      <input id="later-day" type="date" required min=${dayIn(1)} value=${day} onInput=${(/** @type {any} */ e) => setDay(e.target.value)} /><button type="submit">${t("inbox.later")}</button></form><//>`;
}

/** Those who may be asked, oneself first. */
export function useColleagues() {
  const [list, setList] = useState(/** @type {Colleague[]} */ ([]));
  useEffect(() => { api.get("/v1/colleagues").then((page) => setList(page.items), complain); }, []);
  const me = session.value?.user.id;
  return [...list.filter((one) => one.id === me), ...list.filter((one) => one.id !== me)];
}

/** @param {{n: number, put: (user: string) => void, close: () => void}} props */
export function Assign({ n, put, close }) {
  const colleagues = useColleagues();
  const me = session.value?.user.id;
  return html`<${Dialog} title=${t("inbox.assign_title", { n })} close=${close}><div class="quick-choices">
    ${colleagues.map((one, i) => html`<button key=${one.id} type="button" autofocus=${i === 0} onClick=${() => put(one.id)}>
      <span>${one.id === me ? t("inbox.me") : one.name}</span></button>`)}
    <button type="button" class="quiet" onClick=${() => put("")}><${Icon} name="close" />${t("inbox.nobody")}</button></div><//>`;
}
