// Sign-ins as rows: on what, how, when; one's own and, for administrators, somebody's.
import { t, when } from "../i18n.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.js").SessionEntry} SessionEntry */

const METHODS = /** @type {const} */ (["password", "link", "oidc", "sign_up"]);
const FACTORS = /** @type {const} */ (["totp", "recovery"]);
/** What a browser calls itself, as people know it; the first that fits. */
const BROWSERS = [["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]];
const SYSTEMS = [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Windows", "Windows"], ["Mac OS X", "macOS"], ["Linux", "Linux"]];

/** @param {string | null} client */
export function device(client) {
  /** @param {string[][]} names */
  const found = (names) => names.find(([mark]) => client?.includes(mark))?.[1];
  const [browser, system] = [found(BROWSERS), found(SYSTEMS)];
  if (browser && system) return t("session.device", { browser, system });
  return browser || system || (client || "").slice(0, 60) || t("session.device_unknown");
}

/** "password+totp" @param {string | null} method */
function how(method) {
  const [first, second] = (method || "").split("+");
  const way = METHODS.find((one) => one === first);
  const factor = FACTORS.find((one) => one === second);
  return [way && t(`session.method.${way}`), factor && t(`session.factor.${factor}`)].filter(Boolean).join(", ");
}

/** @param {{entry: SessionEntry, end: () => void}} props */
const Row = ({ entry, end }) => html`<li class="desk-row"><span class="desk-icon"><${Icon} name=${/iPhone|Android/.test(entry.client || "") ? "phone" : "person"} /></span>
  <span class="desk-text"><strong>${device(entry.client)}</strong><small>${how(entry.method)}</small>
    <small>${t("session.times", { since: when(entry.created_at), seen: when(entry.seen_at) })}</small></span>
  ${entry.current ? html`<span class="desk-side"><span class="badge health ok">${t("session.current")}</span></span>`
    : html`<button type="button" class="bad" onClick=${end} aria-label=${t("session.end_of", { device: device(entry.client) })}><${Icon} name="close" />${t("session.end")}</button>`}</li>`;

/** @param {{entries: SessionEntry[], end: (entry: SessionEntry) => void}} props */
export const Sessions = ({ entries, end }) => html`<ul class="rows">${entries.map((entry) => html`<${Row} key=${entry.id} entry=${entry} end=${() => end(entry)} />`)}</ul>`;
