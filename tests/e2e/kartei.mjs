// The instance under test: what the runner says about it, its API, and pages of a browser with everything being watched.
import { randomUUID } from "node:crypto"; // not the global one: Debian 12 has Node 18
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

export const config = JSON.parse(fs.readFileSync(process.env.KARTEI_E2E || "", "utf8"));
export const browser = await chromium.launch({ executablePath: config.chromium, args: ["--no-sandbox", "--disable-gpu"] });

/** @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
export async function call(method, path, body, headers = {}) {
  const raw = body instanceof Uint8Array;
  const answer = await fetch(config.base + path, {
    method, body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    headers: { Cookie: config.cookie, "X-CSRF-Token": config.csrf, Origin: config.base, "Idempotency-Key": randomUUID(),
      "Content-Type": raw ? "image/jpeg" : "application/json", ...headers },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** @template T @param {() => Promise<T | null | undefined | false>} look @param {string} what @param {number} [seconds] @returns {Promise<T>} */
export async function until(look, what, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(200);
  }
}

/** Photographs a card through the API. @param {any} card of the configuration */
export const upload = (card) => call("POST", "/v1/scans", new Uint8Array(fs.readFileSync(card.file)));

/** The same without a photo. @param {any} card */
export async function enter(card) {
  const lists = await call("GET", "/v1/lists");
  return call("POST", "/v1/contacts", { list_id: lists.items[0].id, contact: card.contact });
}

/** On a busy machine reading may run out of its time; people press "read again" then. */
async function readAgain() {
  for (const scan of (await call("GET", "/v1/scans?state=failed&limit=20")).items) {
    console.log(`# read again: ${scan.problem?.title}`);
    await call("POST", `/v1/scans/${scan.id}/retry`);
  }
}

/** The contact that was read from a card, once it was compared with the address book. @param {any} card */
export const matched = (card) => until(async () => {
  await readAgain();
  return (await call("GET", "/v1/contacts?state=matched&limit=50")).items.find((one) => one.contact.family_name === card.contact.family_name);
}, `${card.contact.family_name} is read and matched`);

/** What the address book itself holds now. @param {{contact: string, connection: string, record: string}} at */
export const held = async ({ contact, connection, record }) => (await call("GET", `/v1/contacts/${contact}/review?connection=${connection}&record=${record}`)).record.contact;

/** @param {string} contact @param {string} state @returns {Promise<any>} the contact's latest write-back */
export const writeBack = (contact, state) => until(async () => {
  const last = (await call("GET", `/v1/write-backs?contact=${contact}`)).items[0];
  return last?.state === state && last;
}, `the write-back is ${state}`);

/** Everything that a page did wrong while it was open, and every sign of a pointer. */
const WATCH = () => {
  addEventListener("securitypolicyviolation", (event) => globalThis.__kartei("csp", `${event.violatedDirective} ${event.blockedURI}`));
  for (const type of ["pointerdown", "pointermove", "mousedown", "mousemove", "touchstart", "wheel"]) addEventListener(type, () => globalThis.__kartei("pointer", type), { capture: true, passive: true });
};

/** @param {{width?: number, theme?: "light" | "dark", cookie?: string | null, phone?: boolean}} [wish] */
export async function open({ width = 1280, theme = "light", cookie = config.cookie, phone = false } = {}) {
  const touch = phone ? { hasTouch: true, isMobile: true } : {};
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height: 844 }, colorScheme: theme, reducedMotion: "reduce", ...touch });
  const seen = { csp: /** @type {string[]} */ ([]), pointer: /** @type {string[]} */ ([]), broken: /** @type {string[]} */ ([]) };
  await context.exposeBinding("__kartei", (_, kind, text) => seen[kind].push(text));
  await context.addInitScript(WATCH);
  if (cookie) {
    const [name, ...value] = cookie.split("=");
    await context.addCookies([{ name, value: value.join("="), url: config.base, secure: true, httpOnly: true, sameSite: "Lax" }]);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(45000);
  page.on("pageerror", (error) => seen.broken.push(String(error.stack || error)));
  page.on("console", (message) => /Content.Security.Policy|Trusted ?Type/i.test(message.text()) && seen.csp.push(message.text()));
  return { page, context, seen, go: (path) => page.goto(config.base + path), close: () => context.close() };
}
