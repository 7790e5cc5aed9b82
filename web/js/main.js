// The frame: which screen an address shows, the navigation around it, and what is said besides it.
import { language, t, useLanguage } from "./i18n.js";
import { html, render, useEffect, useRef, useState } from "./ui.js";
import { drawn } from "./preferences.js";
import { knowUs, recall } from "./phone/sign.js";
import { startWorker } from "./phone/worker.js";
import { resumeKept } from "./queue.js";
import { match, place } from "./router.js";
import { assertive, polite } from "./state.js";
import { Bar } from "./parts/bar.js";
import { Empty, Trouble, Waiting } from "./parts/notice.js";
import { KeyHelp } from "./parts/key_help.js";
import { NetLine } from "./parts/net_line.js";
import { Toasts } from "./parts/toasts.js";
import { UndoBars } from "./parts/undo_bar.js";

/** Address, its place in the navigation, and the screen, which is fetched when it is first wanted. */
const ROUTES = /** @type {const} */ ([
  { at: "/", nav: "capture", load: () => import("./screens/capture.js").then((room) => room.Capture) },
  { at: "/app/inbox", nav: "inbox", load: () => import("./screens/inbox.js").then((room) => room.Inbox) },
  { at: "/app/batches/:id", nav: "inbox", load: () => import("./screens/batch.js").then((room) => room.BatchScreen) },
  { at: "/app/contacts", nav: "contacts", load: () => import("./screens/contacts.js").then((room) => room.Contacts) },
  { at: "/app/contacts/:id", nav: "contacts", load: () => import("./screens/contact.js").then((room) => room.ContactScreen) },
  { at: "/app/contacts/:id/merge", nav: "inbox", load: () => import("./screens/merge.js").then((room) => room.MergeScreen) },
  { at: "/app/history", nav: "history", load: () => import("./screens/history.js").then((room) => room.History) },
  { at: "/app/lists", nav: "lists", load: () => import("./screens/lists.js").then((room) => room.Lists) },
  { at: "/app/connections", nav: "connections", load: () => import("./screens/connections.js").then((room) => room.Connections) },
  { at: "/app/connections/new", nav: "connections", load: () => import("./screens/connection_new.js").then((room) => room.ConnectionNew) },
  { at: "/app/connections/:id/mapping", nav: "connections", load: () => import("./screens/connection_mapping.js").then((room) => room.MappingScreen) },
  { at: "/app/connections/:id/policy", nav: "connections", load: () => import("./screens/connection_policy.js").then((room) => room.PolicyScreen) },
  { at: "/app/connections/:id", nav: "connections", load: () => import("./screens/connections.js").then((room) => room.ConnectionScreen) },
  { at: "/app/mailboxes", nav: "mailboxes", load: () => import("./screens/mailboxes.js").then((room) => room.Mailboxes) },
  { at: "/app/mailboxes/new", nav: "mailboxes", load: () => import("./screens/mailboxes.js").then((room) => room.MailboxNew) },
  { at: "/app/mailboxes/:id", nav: "mailboxes", load: () => import("./screens/mailboxes.js").then((room) => room.MailboxScreen) },
  { at: "/app/users", nav: "users", load: () => import("./screens/users.js").then((room) => room.Users) },
  { at: "/app/users/sign-on", nav: "users", load: () => import("./screens/sign_on.js").then((room) => room.SignOn) },
  { at: "/app/duplicates", nav: "duplicates", load: () => import("./screens/duplicates.js").then((room) => room.Duplicates) },
  { at: "/app/audit", nav: "audit", load: () => import("./screens/audit.js").then((room) => room.Audit) },
  { at: "/app/subjects", nav: "audit", load: () => import("./screens/subjects.js").then((room) => room.Subjects) },
  { at: "/app/subjects/:id", nav: "audit", load: () => import("./screens/subject.js").then((room) => room.Subject) },
  { at: "/app/alerts", nav: "alerts", load: () => import("./screens/alerts.js").then((room) => room.Alerts) },
  { at: "/app/users/roles", nav: "users", load: () => import("./screens/roles.js").then((room) => room.Roles) },
  { at: "/app/users/support", nav: "users", load: () => import("./screens/support.js").then((room) => room.Support) },
  { at: "/app/users/joining", nav: "users", load: () => import("./screens/joining.js").then((room) => room.Joining) },
  { at: "/app/account", nav: "settings", load: () => import("./screens/account.js").then((room) => room.Account) },
  { at: "/app/tokens", nav: "settings", load: () => import("./screens/tokens.js").then((room) => room.Tokens) },
  { at: "/app/rules", nav: "rules", load: () => import("./screens/rules.js").then((room) => room.Rules) },
  { at: "/app/rules/:id", nav: "rules", load: () => import("./screens/rules.js").then((room) => room.RulesScreen) },
  { at: "/app/overview", nav: "overview", load: () => import("./screens/overview.js").then((room) => room.OverviewScreen) },
  { at: "/app/settings", nav: "settings", load: () => import("./screens/settings.js").then((room) => room.Settings) },
]);
/** @typedef {typeof ROUTES[number]} Route */

/** @param {string} path @returns {{route: Route, params: Record<string, string>} | null} */
function find(path) {
  for (const route of ROUTES) {
    const params = match(route.at === "/" ? "" : route.at, path);
    if (params) return { route, params };
  }
  return null;
}

/** @type {Map<Route, any>} */
const fetched = new Map();

/** @param {{route: Route, params: Record<string, string>, query: URLSearchParams}} props */
function Screen({ route, params, query }) {
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const View = fetched.get(route);
  const load = () => {
    setProblem(null);
    route.load().then((view) => { fetched.set(route, view); redraw((n) => n + 1); }, setProblem);
  };
  useEffect(() => { if (!View) load(); }, [route]);
  if (View) return html`<${View} ...${params} query=${query} />`;
  if (problem) return html`<h1 tabindex="-1">${t(`nav.${route.nav}`)}</h1><${Trouble} problem=${{ title: t("screen.broken"), detail: t("screen.broken_text") }} again=${() => location.reload()} />`;
  return html`<h1 tabindex="-1">${t(`nav.${route.nav}`)}</h1><${Waiting} />`;
}

const Nowhere = () => html`<h1 tabindex="-1">${t("nowhere.title")}</h1>
  <${Empty} icon="search" title=${t("nowhere.what")} text=${t("nowhere.text")}><a class="button primary" href="/">${t("nav.capture")}</a><//>`;

const ARRIVING = 5000; // ms in which a screen is expected to get its data

/** A new address moves the focus to the screen's heading, also where the heading changes once its data is there. @param {string} path */
function useArrival(path) {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const main = /** @type {HTMLElement} */ (document.getElementById("main"));
    const focus = () => /** @type {HTMLElement | null} */ (main.querySelector("h1"))?.focus({ preventScroll: true });
    const watch = new MutationObserver(() => document.activeElement === document.body && focus());
    focus();
    watch.observe(main, { childList: true, subtree: true });
    const settled = setTimeout(() => watch.disconnect(), ARRIVING);
    return () => { clearTimeout(settled); watch.disconnect(); };
  }, [path]);
}

function Frame() {
  const { path, query } = place.value;
  const found = find(path);
  const nav = found?.route.nav || "";
  useArrival(path);
  useEffect(() => { document.title = nav ? `${t(`nav.${nav}`)} · Kartei` : "Kartei"; });
  return html`<a class="skip" href="#main">${t("skip")}</a>
    <div class="frame">
      <${Bar} here=${nav} />
      <main id="main" tabindex="-1"><${NetLine} />${found ? html`<${Screen} key=${found.route.at + (found.params.id || "")} route=${found.route} params=${found.params} query=${query} />` : html`<${Nowhere} />`}</main>
    </div>
    <div class="over" role="region" aria-label=${t("notices")}><${UndoBars} /><${Toasts} /></div>
    <${KeyHelp} />
    <div class="sr" role="status" aria-live="polite">${polite.value}</div>
    <div class="sr" role="alert" aria-live="assertive">${assertive.value}</div>`;
}

/** Drawn anew when the language changes: words are not signals. */
const App = () => html`<${Frame} key=${drawn.value + language} />`;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

async function start() {
  await useLanguage(document.documentElement.lang);
  try {
    await knowUs();
  } catch (problem) {
    const { status } = /** @type {any} */ (problem);
    if (status === 401) return; // the browser is on its way to the sign-in
    const passing = status === 0 || status >= 500;
    if (!passing || !(await recall())) return render(html`<main class="alone"><h1>Kartei</h1><${Trouble} problem=${problem} again=${() => location.reload()} /></main>`, root);
  }
  render(html`<${App} />`, root);
  startWorker();
  resumeKept();
}

start();
