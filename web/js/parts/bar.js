// Where one can go: a bar at the bottom of phones, a rail on the left of wider screens; and the menu of the account.
import { html, useEffect, useState } from "../ui.js";
import { t } from "../i18n.js";
import { helpOpen } from "../keys.js";
import { signOut } from "../preferences.js";
import { anyOpen } from "../queue.js";
import { place } from "../router.js";
import { isAdmin, session } from "../state.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";
import { LanguageChoice, ThemeChoice } from "./look.js";

const MARK = new URL("../../icons/kartei.svg", import.meta.url).pathname;

/** @typedef {"capture" | "inbox" | "contacts" | "history" | "lists" | "mailboxes" | "connections" | "duplicates" | "rules" | "users" | "audit" | "alerts" | "overview" | "settings"} Nav */
/** @typedef {{nav: Nav, href: string, icon: string, admin?: boolean}} Goal */
/** In thumb reach everywhere. @type {Goal[]} */
const FIRST = [
  { nav: "capture", href: "/", icon: "camera" },
  { nav: "inbox", href: "/app/inbox", icon: "inbox" },
  { nav: "contacts", href: "/app/contacts", icon: "contacts" },
];
/** Behind "more" on phones. @type {Goal[]} */
const REST = [
  { nav: "history", href: "/app/history", icon: "history" },
  { nav: "lists", href: "/app/lists", icon: "folder" },
  { nav: "mailboxes", href: "/app/mailboxes", icon: "mail" },
  { nav: "connections", href: "/app/connections", icon: "plug", admin: true },
  { nav: "duplicates", href: "/app/duplicates", icon: "copy", admin: true },
  { nav: "rules", href: "/app/rules", icon: "check", admin: true },
  { nav: "users", href: "/app/users", icon: "people", admin: true },
  { nav: "audit", href: "/app/audit", icon: "search", admin: true },
  { nav: "overview", href: "/app/overview", icon: "lock", admin: true },
  { nav: "settings", href: "/app/settings", icon: "settings" },
];
const allowed = () => REST.filter((goal) => !goal.admin || isAdmin());

/** @param {{goal: Goal, here: string, second?: boolean}} props */
const Goal = ({ goal, here, second }) => html`<li class=${second ? "second" : ""}><a href=${goal.href} aria-current=${goal.nav === here ? "page" : undefined}>
  <${Icon} name=${goal.icon} /><span>${t(`nav.${goal.nav}`)}</span>
  ${goal.nav === "capture" && anyOpen() && html`<span class="dot"><span class="sr">${t("nav.busy")}</span></span>`}</a></li>`;

/** @param {{here: string, close: () => void}} props */
function Menu({ here, close }) {
  const who = session.value;
  const at = place.value;
  const [opened] = useState(at);
  useEffect(() => { if (at !== opened) close(); }, [at]);
  return html`<${Dialog} title=${t("menu.title")} close=${close} sheet>
    <div class="menu">
      <p class="menu-who"><strong>${who?.user.name || who?.user.email}</strong><small>${who?.user.name && who.user.email}</small><small>${who?.org.name}</small></p>
      <ul class="menu-goals">${allowed().map((goal) => html`<${Goal} key=${goal.nav} goal=${goal} here=${here} />`)}</ul>
      <${LanguageChoice} /><${ThemeChoice} />
      <div class="menu-acts"><button type="button" class="quiet" onClick=${() => { close(); helpOpen.value = true; }}><${Icon} name="keyboard" />${t("keys.title")}</button>
        <button type="button" class="quiet" onClick=${signOut}><${Icon} name="leave" />${t("sign_out")}</button></div>
    </div><//>`;
}

/** @param {{here: string}} props the current place in the navigation */
export function Bar({ here }) {
  const [open, setOpen] = useState(false);
  const who = session.value;
  const name = who?.user.name || who?.user.email || "";
  return html`<header class="bar">
    <a class="brand" href="/"><img src=${MARK} alt="" width="32" height="32" /><span>Kartei</span></a>
    <nav aria-label=${t("nav.label")}><ul>
      ${FIRST.map((goal) => html`<${Goal} key=${goal.nav} goal=${goal} here=${here} />`)}
      ${allowed().map((goal) => html`<${Goal} key=${goal.nav} goal=${goal} here=${here} second />`)}
    </ul></nav>
    <button type="button" class="account" aria-haspopup="dialog" aria-label=${t("menu.open", { name })} onClick=${() => setOpen(true)}>
      <${Icon} name="menu" /><span class="more" aria-hidden="true">${t("nav.more")}</span>
      <span class="who" aria-hidden="true"><strong>${name}</strong><small>${who?.org.name}</small></span></button>
  </header>
  ${open && html`<${Menu} here=${here} close=${() => setOpen(false)} />`}`;
}
