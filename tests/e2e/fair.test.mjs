// A day at a fair with a phone in one hand: a fair is chosen once, cards have two sides, a clean one takes a tap, a wrong reading another
// one; and what happens when the camera is blocked, the network gone, the person known to a colleague, the app a new one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";
import { call, config, open, until } from "./kartei.mjs";
import { HOME, found, kill, look, phone, scans, take } from "./phone.mjs";

const LIST = "Messe";
const LOOKS = /** @type {const} */ ([{ width: 360, theme: "light", language: "de" }, { width: 1280, theme: "dark", language: "en" }, { width: 360, theme: "dark", language: "en" }, { width: 1280, theme: "light", language: "de" }]);

/** Printed lines as a photo of a card. @param {import("playwright-core").Page} page @param {string[]} lines @param {string} name */
async function card(page, lines, name) {
  const bytes = await page.evaluate(async (texts) => {
    const canvas = new OffscreenCanvas(1700, 1100);
    const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = "#3c4650";
    pen.fillRect(0, 0, 1700, 1100);
    pen.fillStyle = "#fdfdfb";
    pen.fillRect(130, 120, 1440, 860);
    pen.fillStyle = "#15181b";
    texts.forEach((text, i) => {
      pen.font = `${i ? 46 : 66}px "DejaVu Sans", sans-serif`;
      pen.fillText(text, 220, 260 + i * 98);
    });
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })).arrayBuffer())];
  }, lines);
  return { name: `${name}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(bytes) };
}

const FRONT = ["Hanna Lindqvist", "Leiterin Einkauf", "Nordkran Technik GmbH", "hanna.lindqvist@nordkran.example", "+49 40 5550123"];
const BACK = ["Head of Purchasing", "Nordkran Technik GmbH", "Mobil +49 171 5550456", "Hafenstrasse 12", "20457 Hamburg"];

/** @param {import("playwright-core").Page} page */
const ready = async (page) => {
  await page.goto(config.base);
  await page.waitForSelector(".capture-acts");
};
/** @param {import("playwright-core").Page} page */
const kept = (page) => until(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active && (await caches.match("/")))), "the pages are kept");
/** The scan that was not there before, read and compared. @param {Set<string>} known */
const fresh = (known) => until(async () => {
  for (const failed of (await call("GET", "/v1/scans?state=failed&limit=5")).items) if (!known.has(failed.id)) await call("POST", `/v1/scans/${failed.id}/retry`);
  const scan = (await scans()).find((one) => !known.has(one.id));
  return scan?.state === "read" && call("GET", `/v1/scans/${scan.id}`);
}, "the new scan is read", 120);
const ids = async () => new Set((await scans()).map((one) => one.id));
/** @param {string} id */
const compared = (id) => until(async () => { const one = await call("GET", `/v1/contacts/${id}`); return one.verdict.kind !== "checking" && one; }, "it is compared");
/** Every judge on a state of a page. @param {import("playwright-core").Page} page @param {string} name */
async function judged(page, name) {
  await look(page, name);
  assert.deepEqual({ axe: await axe(page), words: await missingWords(page), sideways: await sideways(page) }, { axe: [], words: [], sideways: [] }, name);
}
/** The same state in all looks. @param {string} name @param {string} address @param {(page: import("playwright-core").Page) => Promise<unknown>} reach */
async function everywhere(name, address, reach) {
  for (const { width, theme, language } of LOOKS) {
    await call("PATCH", "/v1/session", { language });
    const tab = await open({ width, theme, phone: width < 700 });
    await tab.go(address);
    await reach(tab.page);
    await judged(tab.page, `${name}-${width}-${theme}-${language}`);
    assert.deepEqual(tab.seen.broken, [], name);
    assert.deepEqual(tab.seen.csp, [], name);
    await tab.close();
  }
  await call("PATCH", "/v1/session", { language: "de" });
}

/** @type {any} */ let fair;
/** @type {any} */ let hanna;
before(() => call("GET", "/v1/lists").then(({ items }) => items.length || call("POST", "/v1/lists", { name: LIST })));

test("a fair is made on the phone, chosen without a network, and travels along with each capture", async () => {
  let { context, page } = await phone();
  await ready(page);
  await page.click(".goal");
  await page.getByRole("button", { name: "Neue Messe" }).click();
  await page.fill("#fair-name", "Messe Hannover 2026");
  await page.fill("#fair-tag", "HM26");
  await judged(page, "fair-form");
  await page.getByRole("button", { name: "Messe anlegen" }).click();
  await until(async () => /Messe Hannover 2026/.test(await page.locator(".goal").innerText()), "the chip says so");
  [fair] = (await call("GET", "/v1/fairs")).items;
  await call("POST", "/v1/fairs", { name: "Hausmesse", legal_basis: "contract" });
  await page.reload();
  await page.waitForSelector(".capture-acts");
  await kept(page);
  await until(async () => /Messe Hannover 2026/.test(await page.locator(".goal").innerText()), "it is remembered");
  await page.click(".goal");
  await page.getByText("Hausmesse").waitFor(); // the service has said which there are
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await context.setOffline(true);
  kill();

  ({ context, page } = await phone({ offline: true })); // never opened with a network since
  await ready(page);
  await until(async () => /Messe Hannover 2026/.test(await page.locator(".goal").innerText()), "the fair is known without a network");
  await page.click(".goal");
  await page.getByText("Hausmesse").click();
  await judged(page, "fair-offline");
  await page.getByText("Messe Hannover 2026").last().click();
  await page.getByRole("button", { name: "Übernehmen" }).click();
  assert.deepEqual(found("Hannover", path.join(HOME, "Default/IndexedDB")), [], "its name is sealed on the disk");
  const known = await ids();
  await take(page, [await card(page, ["Ove Brandt", "Vertrieb", "Kielwasser Reederei GmbH", "ove.brandt@kielwasser.example"], "ove")]);
  await page.locator(".queue-row").first().waitFor();
  await context.setOffline(false);
  const scan = await fresh(known);
  const contact = await compared(scan.cards[0].contact_id);
  assert.deepEqual([contact.source.fair.name, contact.source.fair.tag, contact.source.fair.legal_basis], ["Messe Hannover 2026", "HM26", "consent"]);
  assert.equal((await call("GET", `/v1/contacts?fair=${fair.id}`)).items.length, 1);
  await page.goto(`${config.base}/app/contacts/${contact.id}`);
  assert.match(await page.locator(".origin").innerText(), /Messe Hannover 2026.*#HM26.*Einwilligung/s);
  await context.close();
  await everywhere("goal", "/", async (tab) => { await tab.click(".goal"); await tab.waitForSelector(".fair-option"); assert.deepEqual(await tooSmall(tab), []); });
});

test("front and back from the phone's own camera, without a network and through a kill: one scan, one contact", async () => {
  const known = await ids();
  let { context, page } = await phone();
  await ready(page);
  await kept(page);
  const [front, back] = [await card(page, FRONT, "front"), await card(page, BACK, "back")];
  await context.setOffline(true);
  await page.setInputFiles("[data-test=camera]", [front]);
  await page.getByText("Wartet auf die Rückseite").waitFor();
  await judged(page, "waits-for-back");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Rückseite dazu" }).click();
  await (await chooser).setFiles([back]);
  await page.getByText("Vorder- und Rückseite").waitFor();
  assert.deepEqual(found("JFIF", path.join(HOME, "Default/IndexedDB")), [], "neither side can be read from the disk");
  kill();
  ({ context, page } = await phone({ offline: true }));
  await ready(page);
  await page.getByText("Vorder- und Rückseite").waitFor();
  assert.equal((await ids()).size, known.size, "nothing was sent");
  await context.setOffline(false);
  const scan = await fresh(known);
  assert.equal((await ids()).size, known.size + 1, "one scan");
  assert.deepEqual([scan.sides, scan.cards.length, Boolean(scan.cards[0].back_image)], [2, 1, true]);
  hanna = await compared(scan.cards[0].contact_id);
  const { contact } = hanna;
  assert.deepEqual([contact.family_name, contact.job_title, contact.addresses?.[0]?.postal_code], ["Lindqvist", "Leiterin Einkauf", "20457"]);
  assert.deepEqual(contact.phones.map((/** @type {any} */ one) => one.value).sort(), ["+491715550456", "+49405550123"]);
  assert.equal(contact.organization, "Nordkran Technik GmbH");
  const sides = Object.fromEntries(hanna.claims.map((/** @type {any} */ one) => [one.value, one.side || "front"]));
  assert.deepEqual([sides["+49405550123"], sides["+491715550456"]], ["front", "back"]);
  await context.close();
  await everywhere("sides", `/app/contacts/${hanna.id}`, async (tab) => {
    await tab.locator("[data-row=phones] .snippet:not(.waiting)").nth(1).waitFor();
    await tab.locator(".sides button").nth(1).click();
    await until(() => tab.locator(".card-button img").evaluate((img) => img.src.endsWith("side=back") && img.complete && img.naturalWidth > 0), "the back is shown");
  });
});

test("the live camera: the other side joins the last card, and the next card is one of its own", async () => {
  const known = await ids();
  const { context, page } = await phone({ film: config.evening }); // the usual film may have been captured already: the same photo makes no new scan
  await ready(page);
  await page.click(".capture-acts .huge");
  await page.locator(".camera .shutter:enabled").waitFor();
  await page.click(".shutter");
  await page.getByText("1 in dieser Serie").waitFor();
  await page.waitForTimeout(1500);
  assert.equal((await ids()).size, known.size, "the last card waits for its back");
  await page.locator(".camera-acts").getByRole("button", { name: "Rückseite dazu" }).click();
  assert.match(await page.locator(".camera-hint").innerText(), /Jetzt die Rückseite/);
  await judged(page, "camera-back");
  await page.click(".shutter");
  await until(async () => (await scans()).filter((one) => !known.has(one.id)).map((one) => one.sides).join() === "2", "one scan of two sides");
  assert.match(await page.locator(".camera-acts").innerText(), /1 in dieser Serie/);
  await page.click(".shutter");
  await page.locator(".camera-acts > button:last-child").click();
  await until(async () => (await scans()).filter((one) => !known.has(one.id)).length === 2, "the next card goes when the camera closes");
  await context.close();
});

test("asked to, the camera takes a card that is good and still by itself, once; a photo says when and how large, and a swipe throws it away", async () => {
  const { context, page } = await phone({ film: true });
  await ready(page);
  await context.setOffline(true);
  await page.click(".capture-acts .huge");
  await page.locator(".camera .shutter:enabled").waitFor();
  await page.waitForTimeout(2500);
  assert.doesNotMatch(await page.locator(".camera-acts").innerText(), /in dieser Serie/, "nobody asked for it");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "shutter");
  const auto = page.getByRole("button", { name: "Auto-Auslöser" });
  await auto.click();
  await page.getByText("1 in dieser Serie").waitFor();
  await judged(page, "camera-auto");
  await page.waitForTimeout(3000);
  assert.match(await page.locator(".camera-acts").innerText(), /1 in dieser Serie/, "the card that still lies there is not taken again");
  await auto.click();
  await page.locator(".camera-acts > button:last-child").click();
  const row = page.locator(".queue-row.swipes").first();
  assert.match(await row.locator("small").innerText(), /^\d\d:\d\d · Messe Hannover 2026 · [\d,]+ MB$/);
  await judged(page, "queue-facts");
  const before = await page.locator(".queue-row").count();
  const box = await row.boundingBox();
  const tools = await context.newCDPSession(page);
  const finger = (/** @type {string} */ type, /** @type {number} */ by) => tools.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: box.x + 250 + by, y: box.y + 30 }] });
  await finger("touchStart", 0);
  for (let i = 1; i <= 10; i++) await finger("touchMove", -16 * i);
  assert.equal(await row.getAttribute("data-swipe"), "left far");
  await finger("touchEnd", 0);
  await until(async () => (await page.locator(".queue-row").count()) === before - 1, "it is gone");
  await page.locator(".toast button", { hasText: "Rückgängig" }).click();
  await until(async () => (await page.locator(".queue-row").count()) === before, "and back");
  await page.locator(".queue-row.swipes button.icon-only").first().click(); // it was captured by another test, too
  await context.setOffline(false);
  await context.close();
});

/** The contact of one of the synthetic cards, photographed anew whatever other tests have made of it. @param {any} one */
async function photographed(one) {
  const known = await ids();
  await call("POST", "/v1/scans", new Uint8Array(Buffer.concat([fs.readFileSync(one.file), Buffer.from(randomUUID())]))); // behind the picture's end
  return compared((await fresh(known)).cards[0].contact_id);
}

/** A contact that was read without a doubt. */
async function cleanOne() {
  for (const one of config.cards) {
    const contact = await photographed(one);
    if (contact.claims.every((/** @type {any} */ claim) => claim.confidence >= 0.75)) return contact;
  }
  throw new Error("none of the synthetic cards was read without a doubt");
}

test("of two cards in view one is tapped away: the other one alone is read", async () => {
  const { context, page } = await phone({ film: config.table });
  const known = await ids();
  await ready(page);
  await page.click(".capture-acts .huge");
  await page.locator(".camera-numbers button").nth(1).waitFor();
  assert.equal(await page.locator(".camera-cards text").count(), 2);
  await judged(page, "camera-two");
  const second = page.locator(".camera-numbers button").nth(1);
  await second.focus();
  await page.keyboard.press("Space"); // by keys
  assert.equal(await second.getAttribute("aria-pressed"), "false");
  await page.locator(".camera-cards polygon").nth(1).click(); // by a tap on the card it comes back
  assert.equal(await second.getAttribute("aria-pressed"), "true");
  await page.locator(".camera-cards polygon").nth(1).click();
  await until(async () => /1 Karte wird gelesen, 1 nicht/.test(await page.locator(".camera-hint").innerText()), "it is said");
  await judged(page, "camera-left-out");
  await page.locator(".camera .shutter:enabled").click();
  await until(async () => (await page.locator(".camera-numbers [aria-pressed=false]").count()) === 0, "the next shot begins anew");
  await page.locator(".camera-acts > button:last-child").click();
  const scan = await fresh(known);
  assert.equal(scan.cards.length, 1);
  const kept = config.cards.at(-2).contact;
  assert.equal((await call("GET", `/v1/contacts/${scan.cards[0].contact_id}`)).contact.family_name, kept.family_name);
  await context.close();
});

test("a clean card takes one tap, with a way back", async () => {
  const contact = await cleanOne();
  const tab = await open({ width: 360, phone: true });
  let taps = 0;
  await tab.page.exposeFunction("__tapped", () => taps++);
  await tab.page.addInitScript(() => addEventListener("click", () => globalThis.__tapped(), { capture: true }));
  await tab.go(`/app/contacts/${contact.id}`);
  await tab.page.getByRole("button", { name: /Bestätigen/ }).tap();
  await tab.page.getByText("ist bestätigt").first().waitFor();
  assert.equal(taps, 1);
  assert.ok((await call("GET", `/v1/contacts/${contact.id}`)).checked_at);
  await judged(tab.page, "confirmed");
  await tab.page.getByRole("button", { name: "Rückgängig" }).tap();
  await until(async () => !(await call("GET", `/v1/contacts/${contact.id}`)).checked_at, "taken back");
  await tab.close();
  // A doubtful one is not to be waved through.
  const doubtful = await open({ width: 360, phone: true });
  await doubtful.page.route(`**/v1/contacts/${contact.id}`, async (route) => {
    const answer = await (await route.fetch()).json();
    answer.claims[0].confidence = 0.4;
    await route.fulfill({ json: answer });
  });
  await doubtful.go(`/app/contacts/${contact.id}`);
  await doubtful.page.locator(".field-row.doubtful").waitFor();
  assert.match(await doubtful.page.locator(".field-row").first().innerText(), /bitte prüfen/);
  assert.equal(await doubtful.page.getByRole("button", { name: /Bestätigen/ }).count(), 0);
  await doubtful.close();
});

test("a wrong reading is put right through another reading and the snippet", async () => {
  const tab = await open({ width: 360, phone: true });
  await tab.go(`/app/contacts/${hanna.id}`);
  const row = tab.page.locator("[data-row=job_title]");
  await row.locator(".snippet-button").tap();
  await until(() => tab.page.locator("dialog[open] .zoom-frame img").evaluate((img) => img.complete && img.naturalWidth > 0), "the card is close by");
  await until(() => tab.page.locator("dialog[open] .zoom-frame").evaluate((box) => box.scrollWidth > box.clientWidth * 2), "and larger");
  await judged(tab.page, "zoom");
  await tab.page.keyboard.press("Escape");
  await row.locator("summary").tap();
  await row.getByRole("button", { name: "Head of Purchasing" }).tap();
  await until(async () => (await call("GET", `/v1/contacts/${hanna.id}`)).contact.job_title === "Head of Purchasing", "it is kept");
  await until(async () => /von Hand/.test(await tab.page.locator("[data-row=job_title]").innerText()), "and said to be a person's");
  await tab.close();
});

test("two people, one person: each hears of the other as far as the rights go", async () => {
  const as = async (/** @type {string} */ method, /** @type {string} */ address, /** @type {any} */ body) => {
    const session = await (await fetch(`${config.base}/v1/session`, { headers: { Cookie: config.member } })).json();
    return call(method, address, body, { Cookie: config.member, "X-CSRF-Token": session.csrf });
  };
  const his = await as("POST", "/v1/contacts", { contact: { given_name: "Hanna", family_name: "Lindqvist", emails: hanna.contact.emails, phones: hanna.contact.phones } });
  await call("POST", "/v1/contacts", { contact: { given_name: "Jonas", family_name: "Weber", phones: hanna.contact.phones }, list_id: hanna.list_id }); // a colleague by the same telephone
  const ben = await open({ width: 360, phone: true, cookie: config.member });
  await ben.go(`/app/contacts/${his.id}`);
  await ben.page.locator(".verdict-lines").waitFor();
  await ben.page.waitForTimeout(1500);
  assert.equal(await ben.page.locator(".met").count(), 0, "Anna's list is not Ben's to see");
  const list = await call("GET", `/v1/lists/${hanna.list_id}`);
  const me = (await (await fetch(`${config.base}/v1/session`, { headers: { Cookie: config.member } })).json()).user.id;
  await call("PATCH", `/v1/lists/${list.id}`, { members: [{ user_id: me, right: "reader" }] }, { "If-Match": `"v${list.version}"` });
  await ben.page.reload();
  await ben.page.locator(".met").waitFor();
  assert.equal(await ben.page.locator(".met li").count(), 1, "Jonas is somebody else");
  assert.match(await ben.page.locator(".met").innerText(), /(Schon erfasst|Captured already): Anna Test/);
  await judged(ben.page, "met");
  await ben.close();
});

test("the same card again by another photo: said, not hidden", async () => {
  const known = await ids();
  const { context, page } = await phone();
  await ready(page);
  await take(page, [await card(page, [...FRONT, "seit 1921"], "again")]);
  const scan = await fresh(known);
  await page.goto(`${config.base}/app/contacts/${scan.cards[0].contact_id}`);
  await page.locator(".met").waitFor();
  assert.match(await page.locator(".met").innerText(), /Schon erfasst: von Ihnen/);
  await context.close();
});

test("a camera that may not be used leaves the phone's own", async () => {
  const known = await ids();
  const { context, page } = await phone({ refuse: true });
  await ready(page);
  await page.click(".capture-acts .huge");
  await page.locator(".camera-blocked").waitFor();
  assert.match(await page.locator(".camera-blocked").innerText(), /gesperrt/);
  await judged(page, "camera-refused");
  const chooser = page.waitForEvent("filechooser");
  await page.locator(".camera-blocked .primary").click();
  await (await chooser).setFiles([await card(page, ["Ida Blom", "Ostsee Optik GmbH", "ida.blom@ostsee.example"], "ida")]);
  await page.getByText("Ohne Rückseite").click();
  assert.equal((await fresh(known)).sides, 1);
  await context.close();
});

test("a new version of the app takes up what an earlier one kept, and an expired sign-in holds it", async () => {
  const known = await ids();
  const { context, page } = await phone();
  await ready(page);
  const { buffer } = await card(page, ["Nils Ekholm", "Fjord Logistik GmbH", "nils.ekholm@fjord.example"], "nils");
  const user = (await call("GET", "/v1/session")).user.id;
  await page.evaluate(async ([bytes, owner]) => { // a capture in the words of the version before there were backs and fairs
    const asked = (/** @type {any} */ request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
    const db = await asked(indexedDB.open("kartei", 1));
    const key = await asked(db.transaction("device").objectStore("device").get("key"));
    const id = crypto.randomUUID();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) }, key, new Uint8Array(/** @type {number[]} */ (bytes)));
    await asked(db.transaction("captures", "readwrite").objectStore("captures").put({ id, owner, at: Date.now(), list: "", type: "image/jpeg", iv, bytes: sealed }));
    db.close();
  }, /** @type {const} */ ([[...buffer], user]));
  await context.clearCookies();
  await page.reload().catch(() => {});
  assert.equal((await ids()).size, known.size);
  await context.close();
  const again = await phone();
  await again.page.goto(config.base);
  const scan = await fresh(known);
  assert.equal(scan.sides, 1);
  assert.equal((await call("GET", `/v1/contacts/${scan.cards[0].contact_id}`)).contact.family_name, "Ekholm");
  await again.context.close();
});

test("a poor photo is asked about: why, its corners by keys, a turn; a good one is not", async () => {
  const { context, page } = await phone();
  await ready(page);
  await kept(page);
  await context.setOffline(true);
  await take(page, [await card(page, ["Lena Quist", "Sundwerk AG", "lena.quist@sundwerk.example"], "lena")]);
  await page.locator(".thumb-button").first().click();
  await page.locator(".quick-picture img").waitFor();
  const corner = page.locator(".corner").first();
  await corner.focus();
  const before = await corner.boundingBox();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  const after = await corner.boundingBox();
  assert.ok(before && after && after.x > before.x && after.y > before.y + 2, "the arrow keys move it");
  assert.ok(after.width >= 44 && after.height >= 44);
  await judged(page, "quick-check");
  await page.getByRole("button", { name: /Drehen/ }).click();
  await page.getByRole("button", { name: "So zuschneiden" }).click();
  await until(() => page.locator(".queue-row img").first().evaluate((img) => img.naturalHeight > img.naturalWidth), "it is cut and stands upright");
  await context.close();
  const known = await ids();
  const dark = await phone({ film: true, dim: true });
  await ready(dark.page);
  await dark.page.click(".capture-acts .huge");
  await dark.page.locator(".camera .shutter:enabled").waitFor();
  await dark.page.click(".shutter");
  await dark.page.getByText("Die Aufnahme ist sehr dunkel.").waitFor();
  await judged(dark.page, "quick-dark");
  await dark.page.getByRole("button", { name: "Neu aufnehmen" }).click();
  assert.doesNotMatch(await dark.page.locator(".camera-acts").innerText(), /in dieser Serie/);
  await dark.page.click(".shutter");
  await dark.page.getByRole("button", { name: "Trotzdem verwenden" }).click();
  await dark.page.getByText("1 in dieser Serie").waitFor();
  await dark.page.locator(".camera-acts > button:last-child").click();
  await until(async () => (await ids()).size >= known.size + 2, "the card that was cut, and what is used all the same, are sent");
  await until(() => dark.page.evaluate(() => !document.querySelector(".camera")), "the camera is closed");
  assert.equal((await ids()).size, known.size + 2, "what was taken again is not");
  await dark.context.close();
});

test("the verdict: lead, contact, company; what completing fills; a CRM that is away; who may decide nothing", async () => {
  const one = config.cards.find((other) => other.changed.length) || config.cards[0];
  const { id } = await photographed(one);
  await everywhere("verdict", `/app/contacts/${id}`, async (page) => {
    await page.locator(".outlook").waitFor();
    await page.locator(".verdict").scrollIntoViewIfNeeded();
  });
  const tab = await open({ width: 390, phone: true });
  await tab.go(`/app/contacts/${id}`);
  await tab.page.locator(".outlook").waitFor();
  const said = await tab.page.locator(".verdict").innerText();
  assert.match(said, /Lead: Neu/);
  assert.match(said, /Kontakt: (Existiert|Möglich)[^]*in .*, Stand /);
  assert.match(said, /Firma: (Existiert|Neu)/);
  assert.match(said, /Ergänzen füllt: |Dort fehlt nichts/);
  assert.ok((await tab.page.locator(".candidate .reasons li").count()) <= 3);
  for (const word of [/Ergänzen/, /Neu anlegen/, /Jemand anders/, /Dem Innendienst geben/]) assert.match(said, word);
  await tab.page.getByRole("button", { name: "Dem Innendienst geben" }).tap();
  await tab.page.locator("dialog[open] .quick-choices button").filter({ hasText: "Ben" }).or(tab.page.locator("dialog[open] .quick-choices button").first()).first().tap();
  await tab.page.getByText("Liegt jetzt beim Innendienst.").first().waitFor();
  await tab.page.route("**/review?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "/problems/crm-away", title: "-", status: 503, detail: "-" }) }));
  await tab.page.reload();
  await tab.page.getByText("Prüfung folgt: Das CRM antwortet gerade nicht.").waitFor();
  assert.equal(await tab.page.getByRole("link", { name: "Neu anlegen" }).count(), 1, "nothing is blocked");
  await tab.page.route("**/v1/session", async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, user: { ...answer.user, role: "reporter" } } });
  });
  await tab.page.reload();
  await tab.page.getByText("Der Innendienst entscheidet").waitFor();
  assert.equal(await tab.page.getByRole("link", { name: /Neu anlegen|Ergänzen/ }).count(), 0);
  await judged(tab.page, "reporter");
  await tab.close();
});

test("rows show small pictures; a card of before there were any shows the whole one", async () => {
  const { context, page } = await phone();
  await ready(page);
  await page.locator("img.thumb").first().waitFor();
  const addresses = await page.locator("img.thumb").evaluateAll((all) => all.map((img) => /** @type {HTMLImageElement} */ (img).src));
  const small = addresses.filter((address) => address.endsWith("?size=small"));
  assert.ok(small.length > 2, `${addresses}`);
  const measure = (/** @type {string} */ address) => page.evaluate(async (src) => {
    const blob = await (await fetch(src, { cache: "no-store" })).blob();
    const { width, height } = await createImageBitmap(blob);
    return { bytes: blob.size, side: Math.max(width, height) };
  }, address);
  const sizes = [];
  for (const address of small) sizes.push(await measure(address));
  console.log(`# ${small.length} rows, ${sizes.map((one) => one.bytes).join(" ")} bytes`);
  assert.deepEqual(sizes.filter((one) => one.side > 216 || one.bytes > 12000), []);
  const [, scan] = /scans\/([^/]+)\//.exec(small[0]) || [];
  execFileSync(config.psql[0], [...config.psql.slice(1), "-c", `update kartei.cards set thumb = null where scan_id = '${scan}'`], { cwd: "/" });
  assert.ok((await measure(small[0])).side > 600);
  await context.close();
});
