// An inbox of thousands: only what is near the screen stands in the page, and nobody notices: keys, focus, picks, numbers for screen
// readers, and the place while pages come and rows change. The service's pages are played back many times over.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, call, config, open, until } from "./kartei.mjs";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";

const N = 3000;
const PAGE = 50;
/** @type {any[]} */
let rows = [];

before(async () => {
  await call("PATCH", "/v1/session", { language: "de", theme: "system" });
  const made = await call("POST", "/v1/contacts", { contact: { given_name: "Lang", family_name: "Liste", organization: "Viele GmbH", emails: [{ value: "lang@viele.example", kind: "work" }] } });
  const item = await until(async () => (await call("GET", "/v1/inbox?lane=new&limit=200")).items.find((/** @type {any} */ one) => one.contact.id === made.id), "it is compared", 120);
  rows = Array.from({ length: N }, (_, i) => ({ ...item, contact: { ...item.contact, id: made.id.slice(0, 24) + String(i).padStart(12, "0"), display: `Nummer ${i}`,
    contact: { ...item.contact.contact, organization: i % 5 ? "Viele GmbH" : "Eine Firma, deren Name auch auf einem breiten Schirm nicht in eine Zeile passt, ".repeat(4) } } }));
});
after(() => browser.close());

/** Pages of the long lane in place of the service's. @param {import("playwright-core").Page} page */
async function play(page) {
  await page.route(/\/v1\/inbox\?/, (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const from = Number(asked.get("from") || 0);
    const limit = Number(asked.get("limit") || PAGE);
    const next = from + limit < rows.length ? `/v1/inbox?lane=new&limit=${PAGE}&from=${from + limit}` : null;
    return route.fulfill({ json: { items: asked.get("lane") === "new" ? rows.slice(from, from + limit) : [], links: { next } } });
  });
  await page.route(/\/v1\/inbox\/lanes/, async (route) => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    return route.fulfill({ json: { items: items.map((/** @type {any} */ one) => ({ ...one, n: one.lane === "new" ? rows.length : 0 })) } });
  });
}

/** The long lane, with its first rows. @param {Parameters<typeof open>[0]} [wish] */
async function inbox(wish) {
  const opened = await open(wish);
  await play(opened.page);
  await opened.go("/app/inbox");
  await opened.page.locator(".inbox-row").first().waitFor();
  return opened;
}

/** @param {import("playwright-core").Page} page */
const drawn = (page) => page.locator(".inbox-row").count();

/** @param {import("playwright-core").Page} page */
const inHand = (page) => page.evaluate(() => document.activeElement?.closest(".inbox-row")?.querySelector("strong")?.textContent);

/** To the end, as its pages come. @param {import("playwright-core").Page} page */
async function toTheEnd(page) {
  const last = page.locator(`[data-contact="${rows[N - 1].contact.id}"]`);
  for (let i = 0, there = 0; i < 600 && there < 5; i++) {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForTimeout(40);
    there = (await last.count()) ? there + 1 : 0;
  }
  return last;
}

test("three thousand rows: few are drawn, and each knows which of how many it is", async () => {
  const { page, seen, close } = await inbox();
  const last = await toTheEnd(page);
  assert.ok((await drawn(page)) < 80, `${await drawn(page)} rows are drawn`);
  assert.ok((await page.evaluate(() => document.querySelectorAll("*").length)) < 3000);
  assert.deepEqual([await last.getAttribute("aria-posinset"), await last.getAttribute("aria-setsize")], [String(N), String(N)]);
  assert.deepEqual([await missingWords(page), await axe(page), await sideways(page)], [[], [], []]);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await page.waitForTimeout(300);
  const middle = await page.locator(".inbox-row").evaluateAll((list) => list.filter((row) => { const box = row.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; }).length);
  assert.ok(middle >= 4, "the screen is full of rows in the middle, too");
  assert.deepEqual([await axe(page), seen.csp, seen.broken], [[], [], []]);
  await close();
});

test("keys reach rows that are not drawn; the one in hand and the picked ones stay", async () => {
  const { page, seen, close } = await inbox();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  for (let i = 0; i < 2000 && (await inHand(page)) !== "Nummer 259"; i++) await page.keyboard.press("j");
  assert.equal(await inHand(page), "Nummer 259");
  const box = await page.locator(`[data-contact="${rows[259].contact.id}"]`).boundingBox();
  assert.ok(box && box.y >= 0 && box.y + box.height <= 845, "the row in hand is on the screen");
  await toTheEnd(page);
  assert.equal(await inHand(page), "Nummer 259", "the focus is not lost when its row is out of sight");
  await page.keyboard.press("j");
  await until(async () => (await inHand(page)) === "Nummer 260", "and goes on from there");
  assert.match(await page.locator(".picked-bar strong").innerText(), /^1 /, "what was picked stays picked");
  await page.keyboard.press("Shift+K");
  await until(async () => (await inHand(page)) === "Nummer 259", "back");
  assert.match(await page.locator(".picked-bar strong").innerText(), /^3 /);
  await page.locator(`[data-contact="${rows[259].contact.id}"] input`).focus();
  await page.evaluate(() => scrollTo(0, 60_000));
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "INPUT", "a tick's focus stays, too");
  await page.locator("#inbox-search").fill("Nummer 2999");
  await page.locator(".inbox-row strong", { hasText: "Nummer 2999" }).waitFor();
  assert.equal(await page.locator(".inbox-row").first().getAttribute("aria-setsize"), "1");
  assert.deepEqual([seen.csp, seen.broken], [[], []]);
  await close();
});

test("somebody else's change neither throws away what was loaded nor moves the page", async () => {
  const { page, seen, close } = await inbox();
  await toTheEnd(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await page.waitForTimeout(400);
  const place = () => page.locator(".inbox-row").evaluateAll((list) => { const row = list.find((one) => one.getBoundingClientRect().top > 0); return `${row?.querySelector("strong")?.textContent} ${Math.round(row?.getBoundingClientRect().top || 0)}`; });
  const before = await place();
  const asked = page.waitForRequest(/\/v1\/inbox\?limit=200/);
  await call("POST", "/v1/contacts", { contact: { given_name: "Noch", family_name: "Jemand", organization: "Neu KG" } });
  await asked;
  await page.waitForTimeout(500);
  assert.equal(await place(), before);
  assert.deepEqual([seen.csp, seen.broken], [[], []]);
  await close();
});

test("rows that turn out higher or lower than was thought do not move what one looks at", async () => {
  const { page, seen, close } = await inbox();
  await toTheEnd(page);
  await page.evaluate(() => { document.documentElement.scrollTop = 150_000; }); // behind rows that were never drawn
  await page.setViewportSize({ width: 700, height: 844 }); // and now all are higher
  await page.waitForTimeout(400);
  const tops = () => page.locator(".inbox-row").evaluateAll((list) => Object.fromEntries(list.map((row) => [row.getAttribute("data-contact"), row.getBoundingClientRect().top])));
  for (let i = 0; i < 12; i++) {
    const before = await tops();
    await page.evaluate(() => scrollBy(0, -500));
    await page.waitForTimeout(120);
    const now = await tops();
    const moved = Object.keys(before).filter((id) => id in now && before[id] > -400 && before[id] < 300).map((id) => Math.round(now[id] - before[id]));
    assert.ok(moved.length > 0, "something that was seen is still there");
    for (const by of moved) assert.ok(Math.abs(by - 500) <= 2, `${by} px instead of 500`);
  }
  assert.deepEqual([seen.csp, seen.broken], [[], []]);
  await close();
});

test("the same on a phone", async () => {
  const { page, seen, close } = await inbox({ width: 390, theme: "dark", phone: true });
  await toTheEnd(page);
  assert.ok((await drawn(page)) < 80);
  await page.setViewportSize({ width: 844, height: 390 }); // turned: every height is another
  await page.waitForTimeout(400);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 3));
  await page.waitForTimeout(400);
  const gaps = await page.locator(".inbox-row").evaluateAll((list) => { const shown = list.map((row) => row.getBoundingClientRect()).filter((box) => box.bottom > 0 && box.top < innerHeight); return { n: shown.length, off: shown.slice(1).map((box, i) => Math.round(box.top - shown[i].bottom)).filter((gap) => gap > 1) }; });
  assert.ok(gaps.n >= 2, "the screen is full");
  assert.deepEqual(gaps.off, [], "rows follow one another");
  assert.deepEqual([await axe(page), await sideways(page), await tooSmall(page), seen.csp, seen.broken], [[], [], [], [], []]);
  await close();
});
