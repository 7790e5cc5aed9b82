// The walk of a card through the pages: upload, review, merge, dry run, commit, undo; judged by what the address book holds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, call, config, enter, held, matched, open, until, upload, writeBack } from "./kartei.mjs";
import { axe } from "./judge.mjs";

/** People with another position, with a new number, with a title, with another employer. */
const promoted = config.cards.filter((card) => card.changed.includes("job_title") && !card.changed.includes("organization"));
const reachable = config.cards.find((card) => card.changed.length === 1 && card.changed[0] === "phones");
const titled = config.cards.find((card) => card.changed.length === 1 && card.changed[0] === "name_prefix");
const moved = config.cards.filter((card) => card.changed.includes("organization"));

before(async () => {
  await upload(moved[0]);
  for (const card of [reachable, titled, ...moved.slice(1)]) await enter(card);
  await call("PATCH", "/v1/session", { language: "de", theme: "system" });
});
after(() => browser.close());

/** Which contact, connection and record the merge view on the screen is about. @param {import("playwright-core").Page} page */
function about(page) {
  const { pathname, searchParams } = new URL(page.url());
  return { contact: pathname.split("/")[3], connection: searchParams.get("connection") || "", record: searchParams.get("record") || "" };
}

/** @param {import("playwright-core").Page} page @param {string} field */
const result = (page, field) => page.locator(`[data-field=${field}] .result .lines li:not(.removed)`).first().innerText();

/** @param {import("playwright-core").Page} page */
const sheetRows = (page) => page.locator("dialog[open] .changes tbody tr").evaluateAll((rows) => rows.map((row) => row.querySelector("th")?.textContent));

test("by mouse and touch: what was chosen is in the address book, and undo brings back what was there", async () => {
  const [card] = promoted;
  const { page, seen, close } = await open({ cookie: null });
  await page.goto(config.base + config.link);
  await page.click("button[type=submit]");
  const chooser = page.waitForEvent("filechooser");
  await page.click(".capture-acts button:last-of-type");
  await (await chooser).setFiles(card.file);
  const contact = await matched(card);
  await page.locator(`a[href="/app/contacts/${contact.id}"]`).first().click();
  await page.locator('.verdict a[href*="record="]').first().click();
  await page.waitForSelector(".merge-row");
  const at = about(page);
  const was = await held(at);
  assert.notEqual(was.job_title, card.contact.job_title);

  await page.click('[data-field=job_title] [data-side="crm"]');
  assert.equal(await result(page, "job_title"), was.job_title);
  await page.click("[data-field=job_title] .choice label:nth-child(1)");
  assert.match(await result(page, "job_title"), new RegExp(card.contact.job_title));

  await page.locator(".action-bar button", { hasText: "Probelauf" }).click();
  assert.ok((await sheetRows(page).then(async (rows) => (rows.length ? rows : (await page.waitForSelector("dialog[open] .changes"), sheetRows(page))))).includes("Position"));
  assert.deepEqual(await held(at), was, "a dry run writes nothing");
  await page.click("dialog[open] .acts .primary");
  const written = await writeBack(at.contact, "written");
  const is = await held(at);
  assert.equal(is.job_title, card.contact.job_title);
  for (const change of written.changes) assert.deepEqual(is[change.field], change.after, `${change.field} is what the dry run promised`);
  for (const field of Object.keys(was)) if (!written.changes.some((one) => one.field === field)) assert.deepEqual(is[field], was[field], `${field} was not asked for`);

  await page.locator(".undo button", { hasText: "Rückgängig" }).click();
  await writeBack(at.contact, "undone");
  assert.deepEqual(await held(at), was);
  assert.ok(seen.pointer.length > 0, "the watch for pointers sees a mouse");
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

/** Presses Tab until the focus is where it is wanted. @param {import("playwright-core").Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate((wanted) => !!document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${selector}`);
}

test("by keyboard only: no pointer event from sign-in to undo", async () => {
  const card = promoted[1];
  const own = "Prokuristin (m/w/d)"; // its letters are shortcuts elsewhere
  const { page, seen, close } = await open({ cookie: null });
  const press = (key) => page.keyboard.press(key);
  await page.goto(`${config.base}/sign-in`);
  await tabTo(page, "input[type=email]");
  await page.keyboard.type(config.email);
  await press("Tab");
  await page.keyboard.type(config.password);
  await press("Enter");
  await page.waitForSelector(".capture-acts button:last-of-type");
  const chooser = page.waitForEvent("filechooser");
  await tabTo(page, ".capture-acts button:last-of-type");
  await press("Enter");
  await (await chooser).setFiles(card.file);
  const contact = await matched(card);

  await tabTo(page, 'a[href="/app/inbox"]');
  await press("Enter");
  await page.waitForSelector(`[data-contact="${contact.id}"]`);
  for (let i = 0; i < 20 && !(await page.locator(`[data-contact="${contact.id}"].current a:focus`).count()); i++) await press("j");
  await page.waitForSelector(`[data-contact="${contact.id}"].current .reasons`);
  await press("Enter");
  await page.waitForSelector(".merge-row");
  const at = about(page);
  const was = await held(at);

  await press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement?.closest("[data-field]")?.getAttribute("data-field")), "job_title");
  const polite = () => page.locator("[aria-live=polite]").innerText();
  await press("2");
  await until(async () => (await polite()).includes(`Position: CRM gewählt – ${was.job_title}`), "the choice is announced");
  assert.equal(await result(page, "job_title"), was.job_title);
  await press("1");
  assert.match(await result(page, "job_title"), new RegExp(card.contact.job_title));
  await press("e");
  await page.waitForSelector("[data-field=job_title] .editor input:focus");
  await press("Control+a");
  await page.keyboard.type(own);
  await press("Enter");
  await until(async () => (await polite()).includes(own), "the own value is announced");
  await press("w");
  await page.waitForSelector(".why .waterfall");
  await press("d");
  await page.waitForSelector("dialog[open] .acts .primary:focus");
  assert.deepEqual(await held(at), was);
  await press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await press("m");
  await writeBack(at.contact, "written");
  assert.equal((await held(at)).job_title, own);

  await page.waitForSelector(".undo button");
  await press("u");
  await writeBack(at.contact, "undone");
  assert.deepEqual(await held(at), was);
  assert.deepEqual(seen, { csp: [], pointer: [], broken: [] });
  await close();
});

/** Somebody else changes the record: another contact's values are written to it through the API. @param {{connection: string, record: string}} at @param {string} field @param {unknown} value */
async function changeElsewhere({ connection, record }, field, value) {
  const lists = await call("GET", "/v1/lists");
  const other = await call("POST", "/v1/contacts", { list_id: lists.items[0].id, contact: { given_name: "Eva", family_name: "Anders" } });
  const now = await until(async () => { const one = await call("GET", `/v1/contacts/${other.id}`); return one.state === "matched" && one; }, "the other contact is matched");
  const review = await call("GET", `/v1/contacts/${other.id}/review?connection=${connection}&record=${record}`);
  const choices = review.fields.filter((row) => row.group !== "unmapped").map((row) => (row.field === field ? { field, take: "own", value } : { field: row.field, take: "crm" }));
  if (!choices.some((one) => one.field === field)) choices.push({ field, take: "own", value });
  const preview = await call("POST", "/v1/previews", { contact_id: other.id, contact_version: now.version, connection_id: connection, record_id: record, remote_version: review.record.version, choices });
  await call("POST", "/v1/write-backs", { preview_id: preview.id }, { "If-Match": `"v${now.version}"` });
  await writeBack(other.id, "written");
}

test("a record that changed meanwhile is never overwritten unasked", async () => {
  const contact = await matched(reachable);
  const [candidate] = (await call("GET", `/v1/contacts/${contact.id}/candidates`)).items;
  const at = { contact: contact.id, connection: candidate.connection.id, record: candidate.record_id };
  const { page, seen, go, close } = await open();
  await go(`/app/contacts/${at.contact}/merge?connection=${at.connection}&record=${at.record}`);
  await page.waitForSelector("[data-field=phones]");
  const theirs = [{ value: "+4930123456", raw: "030 123456", kind: "work" }];
  await changeElsewhere(at, "phones", theirs);
  const changed = await held(at);
  assert.deepEqual(changed.phones.map((one) => one.value), ["+4930123456"]);

  await page.keyboard.press("m");
  await page.waitForSelector("[data-clash=phones]");
  assert.deepEqual(await held(at), changed, "nothing was written");
  assert.equal(await page.locator("[data-clash=phones] td").count(), 3);
  assert.deepEqual(await axe(page), []);
  await page.locator("[data-clash=phones] .pick").nth(0).click();
  await page.click(".clashes .acts .primary");
  await page.locator(".action-bar .primary").click();
  await writeBack(at.contact, "written");
  const values = (await held(at)).phones.map((one) => one.value);
  for (const phone of reachable.contact.phones) assert.ok(values.includes(phone.value), `${phone.value} is what was meant`);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("the inbox by keys: accept without opening, put off, not the same, each taken back", async () => {
  const contact = await matched(titled);
  const [candidate] = (await call("GET", `/v1/contacts/${contact.id}/candidates`)).items;
  const at = { contact: contact.id, connection: candidate.connection.id, record: candidate.record_id };
  const was = await held(at);
  const { page, seen, go, close } = await open();
  const row = page.locator(`[data-contact="${contact.id}"]`);
  const press = (key) => page.keyboard.press(key);
  const reach = async () => { await row.waitFor(); for (let i = 0; i < 20 && !(await page.locator(`[data-contact="${contact.id}"].current a:focus`).count()); i++) await press("j"); };
  await go("/app/inbox");
  await reach();
  await press("s");
  await page.waitForSelector("dialog[open] .quick-choices button:focus");
  await press("Enter"); // until tomorrow
  await row.waitFor({ state: "detached" });
  await press("[");
  await page.locator(".lane.on").filter({ hasText: "Zurückgestellt" }).waitFor();
  await reach();
  await press("s");
  await row.waitFor({ state: "detached" });
  await press("]");
  await reach();
  await press("n");
  await until(async () => (await call("GET", `/v1/contacts/${contact.id}/candidates`)).items[0].decided === "different", "the decision is kept");
  await page.locator(".toast").last().locator("button").first().click();
  await until(async () => (await call("GET", `/v1/contacts/${contact.id}/candidates`)).items[0].decided === null, "the decision is taken back");
  await reach();
  await press("a");
  await writeBack(contact.id, "written");
  const is = await held(at);
  assert.equal(is.name_prefix, titled.contact.name_prefix);
  await page.waitForSelector(".undo button");
  await press("u");
  await writeBack(contact.id, "undone");
  assert.deepEqual(await held(at), was);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("vCards that were sent become contacts, their pictures stay behind, and a broken one is told", async () => {
  const { page, seen, go, close } = await open();
  await go("/");
  const photo = `PHOTO;ENCODING=b;TYPE=JPEG:${"QUJD".repeat(15)}\r\n ${"QUJD".repeat(400000)}\r\n`;
  const card = (/** @type {string} */ name, more = "") => `BEGIN:VCARD\r\nVERSION:3.0\r\nN:${name};Visita;;;\r\nFN:Visita ${name}\r\nEMAIL:visita@${name.toLowerCase()}.example\r\n${more}END:VCARD\r\n`;
  const file = (/** @type {string} */ name, /** @type {string} */ text) => ({ name, mimeType: "text/vcard", buffer: Buffer.from(text) });
  await page.setInputFiles("[data-test=vcards]", [file("zwei.vcf", card("Karteikarl", photo) + card("Karteikai"))]);
  for (const name of ["Karteikarl", "Karteikai"]) await page.locator(".capture .rows a", { hasText: name }).waitFor();
  if (process.env.KARTEI_SHOTS) for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/vcards-${width}.png` });
  }
  await page.setInputFiles("[data-test=vcards]", [file("kaputt.vcf", "BEGIN:VCARD\r\nN:Halb;Ida;;;\r\n")]);
  await page.locator(".toast", { hasText: "vCard" }).waitFor();
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("a choice is not lost by leaving: the page asks", async () => {
  const contact = await matched(moved[1]);
  const { page, go, close } = await open();
  await go(`/app/contacts/${contact.id}/merge`);
  await page.waitForSelector(".merge-row");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("2");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]");
  assert.match(page.url(), /merge/);
  await page.click("dialog[open] .danger");
  await until(async () => !page.url().includes("merge"), "the page is left");
  await close();
});
