// A day at the desk: fifty obvious matches written together after a sample of ten, taken back, and then decided one by one, by keys
// only. Judged by what the address book holds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, call, config, held, open, until } from "./kartei.mjs";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";

const { crowd } = config;
const SAMPLE = 10;
/** @type {Map<string, {contact: string, connection: string, record: string}>} by family name */
const places = new Map();

/** Several at once, as a fair's evening is. @template T @param {T[]} list @param {(one: T) => Promise<unknown>} act */
async function each(list, act) {
  const rest = [...list];
  const hand = async () => { for (let one = rest.pop(); one; one = rest.pop()) await act(one); };
  await Promise.all(Array.from({ length: 6 }, hand));
}

before(async () => {
  await call("PATCH", "/v1/session", { language: "de", theme: "system" });
  await each(crowd, async (person) => {
    const made = await call("POST", "/v1/contacts", { contact: person });
    const [candidate] = await until(async () => {
      const found = (await call("GET", `/v1/contacts/${made.id}/candidates`)).items;
      return found.length > 0 && found;
    }, `${person.family_name} is compared`, 120);
    places.set(person.family_name, { contact: made.id, connection: candidate.connection.id, record: candidate.record_id });
  });
});
after(() => browser.close());

/** How many of the crowd have their numbers in the address book. */
async function numbered() {
  let n = 0;
  await each(crowd, async (person) => {
    const { phones } = await held(places.get(person.family_name));
    if (phones.length && phones.map((one) => one.value).join() === person.phones.map((one) => one.value).join()) n++;
    else assert.equal(phones.length, 0, `${person.family_name} has nothing else`);
  });
  return n;
}

/** For who wants to look: the same page wide and narrow, light and dark. @param {import("playwright-core").Page} page @param {string} where */
async function shots(page, where) {
  for (const [width, colorScheme] of /** @type {const} */ ([[1280, "light"], [390, "light"], [1280, "dark"], [390, "dark"]])) {
    await page.setViewportSize({ width, height: 860 });
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/${where.replaceAll(" ", "-")}-${width}-${colorScheme}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 844 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** @param {import("playwright-core").Page} page @param {string} where */
async function judged(page, where) {
  if (process.env.KARTEI_SHOTS) await shots(page, where);
  assert.deepEqual([await missingWords(page), await axe(page), await sideways(page), await tooSmall(page)], [[], [], [], []], where);
}

test("many together: ten are judged, all are written, all are taken back", async () => {
  const { page, seen, go, close } = await open();
  await go("/app/inbox");
  await page.locator(".lane.on").filter({ hasText: "Eindeutig" }).waitFor();
  await judged(page, "the obvious lane");
  const [book] = (await call("GET", "/v1/connections")).items.filter((one) => one.kind === "address_book");
  await page.locator(".together button").filter({ hasText: book.name }).click();
  await page.waitForSelector(".sample-card .changes");
  const write = page.locator(".batch-acts button").first();
  assert.ok(await write.isDisabled(), "nothing can be written before the sample is judged");
  const id = page.url().split("/").pop();
  const batch = await call("GET", `/v1/batches/${id}`);
  assert.equal(batch.sample, SAMPLE);
  assert.ok(batch.total >= crowd.length);
  await judged(page, "the sample");
  await page.reload(); // what was judged is kept by the service
  for (let i = 0; i < SAMPLE; i++) {
    await page.locator("#sample-name").filter({ hasText: `${i + 1} von ${SAMPLE}` }).waitFor();
    await page.waitForSelector(".sample-card .changes");
    await page.keyboard.press("y");
  }
  await page.locator(".sample-card").waitFor({ state: "detached" });
  assert.equal(await numbered(), 0, "nothing was written yet");
  await page.keyboard.press("m");
  await page.waitForSelector(".batch progress");
  await page.keyboard.press("p");
  await until(async () => ["paused", "done"].includes((await call("GET", `/v1/batches/${id}`)).state), "a pause is taken");
  await judged(page, "under way");
  if ((await call("GET", `/v1/batches/${id}`)).state === "paused") await page.locator(".batch-acts button").filter({ hasText: "Weiter" }).click();
  await until(async () => { const now = await call("GET", `/v1/batches/${id}`); return now.state === "done" && now.under_way === 0; }, "all is written", 180);
  assert.equal(await numbered(), crowd.length);
  await page.locator(".batch-row").first().waitFor();
  await judged(page, "the results");
  await page.locator(".batch-acts .danger").click();
  await page.click("dialog[open] .danger");
  await until(async () => (await call("GET", `/v1/batches/${id}`)).state === "undone", "all is taken back", 180);
  assert.equal(await numbered(), 0);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("what was taken back is a person's to decide", async () => {
  const batch = await call("GET", "/v1/batches").then((page) => page.items[0]);
  const other = await call("POST", "/v1/batches", { connection_id: batch.connection.id }).catch((problem) => String(problem));
  assert.match(other, /nothing-obvious/, "what was taken back is not chosen again");
});

test("fifty pairs by keys alone", async () => {
  const { page, seen, go, close } = await open();
  const mine = new Set([...places.values()].map((one) => one.contact));
  await go("/app/inbox");
  await page.locator(".inbox-row").first().waitFor();
  const started = Date.now();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/merge*");
  let written = 0;
  for (let here = new URL(page.url()).pathname; mine.has(here.split("/")[3]); written++) {
    await page.waitForSelector(".merge-row");
    await page.keyboard.press("m");
    await until(async () => new URL(page.url()).pathname !== here, "the next one opens", 30);
    here = new URL(page.url()).pathname;
  }
  console.log(`# ${written} pairs by keys in ${Math.round((Date.now() - started) / 1000)} s`);
  assert.equal(written, crowd.length);
  await until(async () => (await numbered()) === crowd.length, "all numbers are there", 120);
  assert.deepEqual(seen, { csp: [], pointer: [], broken: [] });
  await close();
});

test("put off until a day, handed to a colleague, and who else looks is said", async () => {
  const made = await call("POST", "/v1/contacts", { contact: { given_name: "Irma", family_name: "Zurückgestellt", organization: "Später KG" } });
  await until(async () => (await call("GET", `/v1/contacts/${made.id}`)).state === "matched", "compared");
  const ben = (await call("GET", "/v1/colleagues")).items.find((one) => one.name !== "Anna Test");
  const list = await call("GET", `/v1/lists/${made.list_id}`);
  await call("PATCH", `/v1/lists/${list.id}`, { name: list.name, members: [{ user_id: ben.id, right: "editor" }] }, { "If-Match": `"v${list.version}"` });
  const { page, seen, go, close } = await open();
  await go("/app/inbox");
  await page.locator(".lane").filter({ hasText: /^Neu/ }).click();
  const row = page.locator(`[data-contact="${made.id}"]`);
  await row.waitFor();
  await row.locator("a").focus();
  await page.keyboard.press("g");
  await page.locator("dialog[open] .quick-choices button").filter({ hasText: ben.name }).click();
  await row.locator(".inbox-facts").filter({ hasText: ben.name }).waitFor();
  await page.keyboard.press("f");
  await page.selectOption("#inbox-assignee", ben.id);
  await until(async () => (await page.locator(".inbox-row").count()) === 1, "only Ben's are shown");
  await row.locator("a").focus();
  await page.keyboard.press("s");
  await page.waitForSelector("dialog[open] .quick-choices button:focus");
  await page.keyboard.press("Enter");
  await row.waitFor({ state: "detached" });
  const later = (await call("GET", "/v1/inbox?lane=later")).items.find((one) => one.contact.id === made.id);
  assert.equal(later.assignee.id, ben.id);
  assert.ok(Date.parse(later.postponed_until) > Date.now() - 86_400_000);
  const other = await open({ cookie: config.member });
  await other.go(`/app/contacts/${made.id}/merge`);
  await other.page.waitForSelector(".merge-row");
  await go(`/app/contacts/${made.id}/merge`);
  await page.locator(".lookers").filter({ hasText: ben.name }).waitFor();
  await other.page.locator(".lookers").filter({ hasText: "Anna Test" }).waitFor();
  await other.close();
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});
