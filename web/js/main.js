// The frame: a screen, the navigation around it, and what is said besides it.
import { language, t, useLanguage, useWords } from "./i18n.js";
import { html, render, useEffect, useRef, useState } from "./ui.js";
import { drawn } from "./preferences.js";
import { knowUs, recall } from "./phone/sign.js";
import { startWorker } from "./phone/worker.js";
import { resumeKept } from "./queue.js";
import { place } from "./router.js";
import { find } from "./routes.js";
import { assertive, polite } from "./state.js";
import { wholeLook } from "./styles.js";
import { Bar } from "./parts/bar.js";
import { Empty, Trouble, Waiting } from "./parts/notice.js";
import { KeyHelp } from "./parts/key_help.js";
import { NetLine } from "./parts/net_line.js";
import { Toasts } from "./parts/toasts.js";
import { UndoBars } from "./parts/undo_bar.js";

/** @typedef {import("./routes.js").Route} Route */

/** @type {Map<Route, any>} */
const fetched = new Map();

/** A screen with its words and its look. @param {Route} route */
async function fetchScreen(route) {
  const more = route.part === "first" ? [] : [useWords(route.part), wholeLook()];
  const [view] = await Promise.all([route.load(), ...more]);
  fetched.set(route, view);
}

/** @param {{route: Route, params: Record<string, string>, query: URLSearchParams}} props */
function Screen({ route, params, query }) {
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const View = fetched.get(route);
  const load = () => {
    setProblem(null);
    fetchScreen(route).then(() => redraw((n) => n + 1), setProblem);
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
  const known = knowUs();
  known.catch(() => {}); // heard below, once there are words for it
  await useLanguage(document.documentElement.lang);
  try {
    await known;
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
