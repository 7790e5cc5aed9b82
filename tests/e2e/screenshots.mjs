// The pictures of the README, from synthetic cards: run_e2e.py screenshots.mjs writes docs/screens/, ten screens for phone and desktop;
// the runner makes them small.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { browser, call, config, matched, open, until, upload, writeBack } from "./kartei.mjs";

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/screens");

/** Someone who has another position and a further number: there is something of everything to see. */
const shown = config.cards.find((card) => card.changed.includes("job_title") && card.changed.includes("phones") && !card.changed.includes("organization")) || config.cards[0];

/** @param {import("playwright-core").Page} page @param {string} name */
async function shoot(page, name) {
  await until(async () => !(await page.locator(".snippet.waiting, .waiting-line").count()), "everything is drawn");
  await page.waitForTimeout(800); // thumbnails
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
}

/** Completes the record of a person whom the book knows, for the history. @param {any} person */
async function written(person) {
  const { id } = await call("POST", "/v1/contacts", { contact: person });
  const found = await until(async () => (await call("GET", `/v1/contacts/${id}/candidates`)).items.find((/** @type {any} */ one) => one.connection.id === book.id), "the person is found");
  const review = await call("GET", `/v1/contacts/${id}/review?connection=${book.id}&record=${found.record_id}`);
  const preview = await call("POST", "/v1/previews", { contact_id: id, contact_version: review.contact_version, connection_id: book.id, record_id: found.record_id, remote_version: review.record.version, choices: [] });
  await call("POST", "/v1/write-backs", { preview_id: preview.id }, { "If-Match": `"v${review.contact_version}"` });
  await writeBack(id, "written");
}

fs.mkdirSync(FOLDER, { recursive: true });
await call("PATCH", "/v1/session", { language: "en", theme: "system" });
for (const card of config.cards.filter((one) => one !== shown).slice(0, 4)) await upload(card).then(() => matched(card));
await upload(shown);
const contact = await matched(shown);
for (const person of config.crowd.slice(0, 14)) await call("POST", "/v1/contacts", { contact: person });
const book = (await call("GET", "/v1/connections")).items.find((one) => one.kind === "address_book");
await until(async () => (await call("GET", "/v1/inbox/lanes")).items[0].n >= 14, "the crowd is compared");
const batch = await call("POST", "/v1/batches", { connection_id: book.id });
for (const person of config.crowd.slice(14, 18)) await written(person);
const search = await call("POST", "/v1/duplicate-searches");
await until(async () => (await call("GET", `/v1/jobs/${search.id}`)).state === "done", "the stock is searched");
const [first] = (await call("GET", `/v1/contacts/${contact.id}/candidates`)).items;
const merge = `/app/contacts/${contact.id}/merge?connection=${first.connection.id}&record=${first.record_id}`;

/** @type {[string, string, string, ((page: import("playwright-core").Page) => Promise<unknown>)?][]} */
const SCREENS = [
  ["capture", "/", ".capture .rows a"],
  ["review", `/app/contacts/${contact.id}`, ".verdict .reasons"],
  ["inbox", "/app/inbox", ".inbox-row .reasons"],
  ["merge", merge, ".merge-row .snippet:not(.waiting)"],
  ["why", merge, ".merge-row", async (page) => { if (!(await page.locator(".waterfall").count())) await page.keyboard.press("w"); await page.waitForSelector(".waterfall"); }],
  ["dry-run", merge, ".merge-row", async (page) => { await page.keyboard.press("d"); await page.waitForSelector("dialog[open] .changes"); }],
  ["together", `/app/batches/${batch.id}`, ".sample-card .changes"],
  ["duplicates", "/app/duplicates", "main .duplicate-pair"],
  ["history", "/app/history", "main li"],
  ["connections", "/app/connections", "main li"],
];
for (const [kind, options, height] of /** @type {const} */ ([["desktop", { width: 1280 }, 860], ["phone", { width: 390, phone: true }, 844]])) {
  const tab = await open(options);
  await tab.page.setViewportSize({ width: options.width, height });
  for (const [name, address, ready, act] of SCREENS) {
    await tab.go(address);
    await tab.page.locator(ready).first().waitFor();
    await act?.(tab.page);
    await shoot(tab.page, `${name}-${kind}`);
  }
  await tab.close();
}
await browser.close();
