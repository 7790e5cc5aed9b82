// The back office's promises: what completes fills blanks only, namesakes stay possible, what the dry run shows is what is written, a CRM
// that changed is not written over, a day later it can still be taken back, of several records one can be split off, and the main value
// is the one with the star. Judged by what the CRMs hold.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { browser, call, config, held, open, until, writeBack } from "./kartei.mjs";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";

const { vendor } = config;
/** @type {string} the address book */
let book = "";

before(async () => {
  await call("PATCH", "/v1/session", { language: "de", theme: "system" });
  book = (await call("GET", "/v1/connections")).items.find((one) => one.kind === "address_book").id;
});
after(() => browser.close());

/** Past our code: for what only time brings. @param {string} text */
const sql = (text) => execFileSync(config.psql[0], [...config.psql.slice(1), "-c", text], { encoding: "utf8", cwd: "/" }).trim();

/** A card, compared with the CRMs. @param {any} contact @returns {Promise<any>} */
async function card(contact) {
  const made = await call("POST", "/v1/contacts", { contact });
  return until(async () => { const one = await call("GET", `/v1/contacts/${made.id}`); return one.state === "matched" && one; }, `${contact.family_name} is matched`, 120);
}

/** A record of a CRM, made the way of a card. @param {any} contact @param {string} [connection] @returns {Promise<string>} the record */
async function record(contact, connection = book) {
  const made = await card(contact);
  const preview = await call("POST", "/v1/previews", { contact_id: made.id, contact_version: made.version, connection_id: connection, choices: [] });
  await call("POST", "/v1/write-backs", { preview_id: preview.id }, { "If-Match": `"v${made.version}"` });
  const { remote_id: remote } = await writeBack(made.id, "written");
  const found = await call("GET", `/v1/connections/${connection}/records?q=${encodeURIComponent(contact.family_name)}`);
  return found.items.find((one) => one.remote_id === remote).record_id;
}

/** Compared anew, after records were made. @param {any} contact */
async function candidates(contact) {
  return (await call("GET", `/v1/contacts/${contact.id}/candidates`)).items;
}

const mail = (value) => ({ value, kind: "work" });
const phone = (value, kind = "work") => ({ value, kind });

/** Wide and narrow, light and dark, German and English. @param {import("playwright-core").Page} page @param {string} where @param {string} ready */
async function judged(page, where, ready) {
  const faults = [];
  for (const [width, colorScheme] of /** @type {const} */ ([[1280, "light"], [360, "light"], [1280, "dark"], [360, "dark"]])) {
    await page.setViewportSize({ width, height: 860 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForTimeout(150);
    if (process.env.KARTEI_SHOTS) await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/${where.replaceAll(" ", "-")}-${width}-${colorScheme}.png`, fullPage: !(await page.locator("dialog[open]").count()) });
    for (const [kind, found] of [["axe", await axe(page)], ["word", await missingWords(page)], ["sideways", await sideways(page)], ["small", width === 360 ? await tooSmall(page) : []]])
      faults.push(...found.map((one) => `${where} at ${width} ${colorScheme}: ${kind}: ${one}`));
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  assert.ok(await page.locator(ready).count(), `${where} is what was judged`);
  assert.deepEqual(faults, []);
}

/** The same in English. @param {import("playwright-core").Page} page @param {string} where @param {string} ready @param {() => Promise<unknown>} show */
async function inEnglish(page, where, ready, show) {
  await call("PATCH", "/v1/session", { language: "en", theme: "system" });
  await page.reload();
  await show();
  await page.waitForSelector(ready);
  await judged(page, `${where} en`, ready);
  await call("PATCH", "/v1/session", { language: "de", theme: "system" });
}

/** @param {any} contact @param {string} rec @param {string} [connection] */
const merge = (contact, rec, connection = book) => `/app/contacts/${contact.id}/merge?connection=${connection}&record=${rec}`;

test("an exact duplicate is completed: only blanks are filled", async () => {
  const known = { given_name: "Frieda", family_name: "Lückenfüller", organization: "Lücke AG", emails: [mail("frieda@luecke.example"), mail("einkauf@luecke.example")], department: "Technik" };
  const rec = await record(known);
  const contact = await card({ ...known, emails: known.emails.slice(0, 1), department: undefined, job_title: "Leitung Einkauf", phones: [phone("+4930111222333")] });
  const at = { contact: contact.id, connection: book, record: rec };
  const was = await held(at);
  const { page, seen, go, close } = await open();
  await go("/app/inbox");
  const row = page.locator(`[data-contact="${contact.id}"]`);
  await row.locator("a").focus();
  await page.keyboard.press("a");
  await writeBack(contact.id, "written");
  const is = await held(at);
  for (const [field, value] of Object.entries(was)) {
    const blank = value === null || value === undefined || value.length === 0;
    if (blank) continue;
    assert.deepEqual(is[field], value, `${field} was there and stays`);
  }
  assert.equal(is.job_title, "Leitung Einkauf");
  assert.deepEqual(is.phones.map((one) => one.value), ["+4930111222333"]);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("a namesake is possible at most", async () => {
  await record({ given_name: "Thomas", family_name: "Gleichnam", organization: "Nordwerk GmbH", emails: [mail("t.gleichnam@nordwerk.example")], addresses: [{ street: "Hafenweg 1", postal_code: "20457", city: "Hamburg", country: "DE" }] });
  const contact = await card({ given_name: "Thomas", family_name: "Gleichnam", organization: "Südholz KG", emails: [mail("thomas@suedholz.example")], phones: [phone("+4989998877")], addresses: [{ street: "Waldstr. 9", postal_code: "80331", city: "München", country: "DE" }] });
  const found = await candidates(contact);
  assert.deepEqual(found.filter((one) => one.band === "obvious"), [], "nothing is obvious");
  assert.notEqual((await call("GET", `/v1/contacts/${contact.id}`)).verdict.kind, "exists");
  assert.ok(!(await call("GET", "/v1/inbox?lane=exists&limit=100")).items.some((one) => one.contact.id === contact.id), "it does not lie among the obvious");
  const { page, go, close } = await open();
  await go(`/app/contacts/${contact.id}`);
  await page.waitForSelector(".verdict");
  assert.equal(await page.locator(".verdict.exists").count(), 0);
  await close();
});

test("what the dry run shows and gives out is what the CRM has afterwards, field by field", async () => {
  const known = { given_name: "Ida", family_name: "Probelauf", job_title: "Assistenz", organization: "Alt GmbH", emails: [mail("ida@probe.example")], phones: [phone("+4930555001")] };
  const rec = await record(known);
  const contact = await card({ ...known, job_title: "=Leitung", department: "Vertrieb", phones: [phone("+4930555002", "mobile")], urls: [{ value: "https://probe.example" }] });
  const at = { contact: contact.id, connection: book, record: rec };
  const was = await held(at);
  const { page, go, close } = await open();
  await go(merge(contact, rec));
  await page.waitForSelector(".merge-row");
  await page.keyboard.press("d");
  await page.waitForSelector("dialog[open] .changes");
  await judged(page, "dry run with files", "dialog[open] .as-file");
  const files = [];
  for (const kind of ["CSV", "JSON"]) {
    const given = page.waitForEvent("download");
    await page.locator("dialog[open] .as-file button", { hasText: kind }).click();
    files.push(fs.readFileSync(/** @type {string} */ (await (await given).path()), "utf8"));
  }
  const paper = JSON.parse(files[1]);
  const shown = await page.locator("dialog[open] .changes tbody tr").count();
  assert.equal(paper.changes.length, shown);
  assert.deepEqual(files[0].split("\r\n").slice(1, -1).filter((line) => line.startsWith(paper.preview_id)).length, shown, "a line a field, with the plan's id");
  assert.match(files[0], /,'=Leitung/, "no cell is a formula");
  assert.deepEqual(await held(at), was, "nothing was written");
  await page.locator("dialog[open] .acts .primary").click();
  const written = await writeBack(contact.id, "written");
  const is = await held(at);
  assert.deepEqual(written.changes, paper.changes, "what was written is the file");
  for (const change of paper.changes) {
    assert.deepEqual(was[change.field] ?? [], change.before ?? (Array.isArray(was[change.field]) ? [] : null) ?? [], `${change.field} before`);
    assert.deepEqual(is[change.field], change.after, `${change.field} after`);
  }
  const changed = paper.changes.map((one) => one.field);
  for (const field of Object.keys(was)) if (!changed.includes(field)) assert.deepEqual(is[field], was[field], `${field} was not shown`);
  await close();
});

/** Somebody else changes a field of the record: another card is written to it. @param {string} rec @param {string} field @param {unknown} value */
async function changeElsewhere(rec, field, value) {
  const other = await card({ given_name: "Eva", family_name: `Anderswo${Math.random().toString(36).slice(2, 8)}` });
  const review = await call("GET", `/v1/contacts/${other.id}/review?connection=${book}&record=${rec}`);
  const choices = [...review.fields.filter((row) => row.group !== "unmapped" && row.field !== field).map((row) => ({ field: row.field, take: "crm" })), { field, take: "own", value }];
  const preview = await call("POST", "/v1/previews", { contact_id: other.id, contact_version: review.contact_version, connection_id: book, record_id: rec, remote_version: review.record.version, choices });
  await call("POST", "/v1/write-backs", { preview_id: preview.id }, { "If-Match": `"v${review.contact_version}"` });
  await writeBack(other.id, "written");
}

test("the CRM changed between dry run and commit: three columns, one key takes what is there now", async () => {
  const known = { given_name: "Nora", family_name: "Zwischenfall", job_title: "Referentin", emails: [mail("nora@zwischen.example")] };
  const rec = await record(known);
  const contact = await card({ ...known, job_title: "Leiterin" });
  const at = { contact: contact.id, connection: book, record: rec };
  const { page, seen, go, close } = await open();
  await go(merge(contact, rec));
  await page.waitForSelector("[data-field=job_title]");
  await page.keyboard.press("d");
  await page.waitForSelector("dialog[open] .changes");
  await changeElsewhere(rec, "job_title", "Vorständin");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.keyboard.press("m");
  await page.waitForSelector("[data-clash=job_title]");
  assert.equal((await held(at)).job_title, "Vorständin", "nothing was written over");
  assert.deepEqual(await page.locator("[data-clash=job_title] td .lines").allInnerTexts(), ["Leiterin", "Vorständin", "Referentin"], "our intent, what is there now, what was there");
  await judged(page, "conflict of three columns", ".clashes");
  await page.keyboard.press("c");
  await page.locator(".clashes").waitFor({ state: "detached" });
  assert.deepEqual(await page.locator("[data-field=job_title] .result .lines li:not(.removed)").allInnerTexts(), ["Vorständin"]);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("a day later it is taken back; after the CRM changed it is refused, and said why", async () => {
  const people = ["Gestern", "Vorgestern"];
  const made = [];
  for (const family of people) {
    const known = { given_name: "Olga", family_name: family, job_title: "Beraterin", emails: [mail(`olga@${family.toLowerCase()}.example`)] };
    const rec = await record(known);
    const contact = await card({ ...known, job_title: "Partnerin" });
    const at = { contact: contact.id, connection: book, record: rec };
    const review = await call("GET", `/v1/contacts/${contact.id}/review?connection=${book}&record=${rec}`);
    const preview = await call("POST", "/v1/previews", { contact_id: contact.id, contact_version: review.contact_version, connection_id: book, record_id: rec, remote_version: review.record.version, choices: [{ field: "job_title", take: "card" }] });
    await call("POST", "/v1/write-backs", { preview_id: preview.id }, { "If-Match": `"v${review.contact_version}"` });
    made.push({ at, written: await writeBack(contact.id, "written") });
  }
  const ids = made.map(({ written }) => `'${written.id}'`).join(",");
  sql(`set session_replication_role = replica; update kartei.write_backs set created_at = created_at - interval '25 hours', updated_at = updated_at - interval '25 hours' where id in (${ids})`);
  await changeElsewhere(made[1].at.record, "job_title", "Geschäftsführerin");
  const { page, seen, go, close } = await open();
  await go("/app/history");
  for (const { written } of made) await page.locator(`[data-write-back="${written.id}"] .pick-row input`).check();
  await page.locator(".picked-bar .primary").click();
  await page.waitForSelector("dialog[open] .undo-looks li");
  assert.equal(await page.locator("dialog[open] .undo-look.bad").count(), 1, "the one that changed is told before anything is done");
  assert.match(await page.locator("dialog[open] .undo-look.bad").innerText(), /Position[\s\S]*Geschäftsführerin/);
  await judged(page, "undo of several", "dialog[open] .undo-looks");
  await page.locator("dialog[open] .acts .primary").click();
  await writeBack(made[0].at.contact, "undone");
  assert.equal((await held(made[0].at)).job_title, "Beraterin", "a day later what was there is back");
  assert.equal((await held(made[1].at)).job_title, "Geschäftsführerin", "what somebody else wrote stays");
  await call("POST", `/v1/write-backs/${made[1].written.id}/undo`);
  const refused = await writeBack(made[1].at.contact, "undo_conflict");
  assert.ok(refused.problem.detail.length > 20, "refused with a sentence");
  assert.equal((await held(made[1].at)).job_title, "Geschäftsführerin");
  await page.reload();
  await judged(page, "history", ".entries");
  const given = page.waitForEvent("download");
  await page.locator(".as-file button", { hasText: "JSON" }).click();
  const all = JSON.parse(fs.readFileSync(/** @type {string} */ (await (await given).path()), "utf8"));
  assert.ok(all.complete && made.every(({ written }) => all.items.some((one) => one.id === written.id && one.by)), "the export has them, and by whom");
  await go(`/app/history/${made[1].written.id}`);
  await page.waitForSelector(".entry");
  await judged(page, "one entry of the history", ".secret-line");
  await go("/app/history?state=undone");
  await page.waitForSelector(".entry");
  assert.equal(await page.locator(`[data-write-back="${made[1].written.id}"]`).count(), 0, "the filter of the address holds");
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("merge view and history name the rule of each field, and whether it was followed", async () => {
  const known = { given_name: "Rita", family_name: "Regelfall", job_title: "Assistenz", department: "Einkauf", organization: "Regel AG", emails: [mail("rita@regel.example")] };
  const rec = await record(known);
  const contact = await card({ ...known, family_name: "Regelfahl", job_title: "=Leitung", department: "Vertrieb", phones: [phone("+4930777001")] });
  const { page, seen, go, close } = await open();
  await go(merge(contact, rec));
  await page.waitForSelector("[data-field=department]");
  const rule = (/** @type {string} */ field) => page.locator(`.merge-row[data-field=${field}] .rule`).innerText();
  assert.match(await rule("department"), /die Karte ist neuer/);
  await page.locator(".merge-row[data-field=department] input[data-take=crm]").check();
  assert.match(await rule("department"), /Ihre Wahl\. Die Regel wäre: .*die Karte ist neuer/);
  await judged(page, "rule overridden", ".rule.yours");
  await page.keyboard.press("d");
  await page.locator("dialog[open] .acts .primary").click();
  const written = await writeBack(contact.id, "written");
  await go(`/app/history/${written.id}`);
  await page.waitForSelector(".entry .changes");
  const said = Object.fromEntries(await page.locator(".entry .changes tbody tr").evaluateAll((rows) => rows.map((row) => [row.querySelector("th")?.textContent, row.querySelector(".rule")?.textContent?.replace(/\s+/g, " ").trim()])));
  assert.deepEqual(said, { Position: "Regel: Solche Angaben altern; die Karte ist neuer. Der Regel gefolgt.", Telefon: "Regel: Steht nur auf der Karte und kommt dazu. Der Regel gefolgt." });
  const left = (await page.locator(".entry .stayed dl > div").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.deepEqual(left, ["Nachname Regel: Namen sind im CRM meist gepflegter als auf Karten. Der Regel gefolgt.", "Abteilung Regel: Solche Angaben altern; die Karte ist neuer. Anders entschieden."]);
  await judged(page, "history with rules", ".entry .stayed");
  await inEnglish(page, "history with rules", ".entry .stayed", async () => {});
  await go(`/app/history?contact=${contact.id}`);
  await page.waitForSelector(".entries");
  const files = [];
  for (const kind of ["CSV", "JSON"]) {
    const given = page.waitForEvent("download");
    await page.locator(".as-file button", { hasText: kind }).click();
    files.push(fs.readFileSync(/** @type {string} */ (await (await given).path()), "utf8"));
  }
  assert.match(files[0], /department,,,card-is-newer,card,crm,true\r\n/);
  assert.match(files[0], /job_title,Assistenz,'=Leitung,card-is-newer,card,card,false\r\n/);
  const [kept] = JSON.parse(files[1]).items;
  assert.deepEqual(kept.rulings.map((one) => [one.field, one.rule, one.overridden]), [["family_name", "crm-knows-names-better", false], ["job_title", "card-is-newer", false], ["department", "card-is-newer", true], ["phones", "only-card", false]]);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("what a connection filled by itself is said to be the policy's, and nobody's decision", async () => {
  const policy = async (/** @type {string} */ word) => { const { version } = await call("GET", `/v1/connections/${book}`); await call("PATCH", `/v1/connections/${book}/policy`, { policy: word }, { "If-Match": `"v${version}"` }); };
  const known = { given_name: "Silke", family_name: "Selbstfüller", job_title: "Assistenz", organization: "Selbst AG", emails: [mail("silke@selbst.example")] };
  await record(known);
  await policy("fill");
  const contact = await call("POST", "/v1/contacts", { contact: { ...known, job_title: "Leitung", phones: [phone("+4930777009")] } });
  const written = await writeBack(contact.id, "written");
  await policy("confirm");
  assert.deepEqual([written.by, written.policy], [null, "fill"]);
  const { page, seen, go, close } = await open();
  await go(`/app/history/${written.id}`);
  await page.waitForSelector(".entry .changes");
  assert.match(await page.locator(".entry-what").innerText(), /nach der Richtlinie der Verbindung/);
  const rules = (await page.locator(".entry .rule").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.deepEqual(rules, Array(2).fill("Regel: Die Richtlinie der Verbindung füllt nur leere Felder. Der Regel gefolgt."), "the number that was filled, the position that was left");
  await judged(page, "history of a policy", ".entry .stayed");
  await inEnglish(page, "history of a policy", ".entry .stayed", async () => {});
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("of three records one is split off by a key, taken back, split off again, and that is remembered", async () => {
  const person = { given_name: "Petra", family_name: "Dreifach", organization: "Dreifach GmbH" };
  const records = [await record({ ...person, emails: [mail("petra@dreifach.example")], phones: [phone("+4930777001")] }),
    await record({ ...person, emails: [mail("petra@dreifach.example")], phones: [phone("+4930777002")] }),
    await record({ ...person, emails: [mail("p.dreifach@privat.example")], phones: [phone("+4930777002")] })];
  const contact = await card({ ...person, emails: [mail("petra@dreifach.example")] });
  const cluster = await call("GET", `/v1/contacts/${contact.id}/cluster`);
  assert.deepEqual(new Set(cluster.members.map((one) => one.record.record_id)), new Set(records));
  const between = (a, b) => (links) => links.find((one) => [one.left_id, one.right_id].includes(a) && [one.left_id, one.right_id].includes(b));
  assert.ok(between(records[0], records[1])(cluster.links).reasons.some((one) => one.field === "email" && one.weight > 0), "A and B by e-mail");
  assert.ok(between(records[1], records[2])(cluster.links).reasons.some((one) => one.field === "phone" && one.weight > 0), "B and C by telephone");

  const { page, seen, go, close } = await open();
  await go(merge(contact, records[0]));
  await page.waitForSelector(".cluster .cluster-links");
  await judged(page, "cluster", ".cluster-picture");
  assert.equal(await page.locator(".cluster-links line").count(), cluster.links.length, "the picture has every link");
  assert.equal(await page.locator(".cluster-links figcaption li").count(), cluster.links.length, "and so has the text");
  await inEnglish(page, "cluster", ".cluster", async () => {});
  await page.reload();
  await page.waitForSelector(".cluster");

  const boxes = page.locator(".member-acts input");
  const of = (rec) => page.locator(`[data-member="${rec}"] input`);
  await page.keyboard.press(".");
  for (let i = 0; i < 4 && !(await page.locator(`[data-member="${records[2]}"] input:focus`).count()); i++) await page.keyboard.press(i < 2 ? "." : ",");
  await page.keyboard.press("x");
  await until(async () => !(await of(records[2]).isChecked()), "it is split off");
  const after = await call("GET", `/v1/contacts/${contact.id}/cluster`);
  assert.equal(after.members.find((one) => one.record.record_id === records[2]).belongs, false);
  assert.equal(between(records[1], records[2])(after.links).decided, "different", "between the records, too");
  await judged(page, "cluster with one split off", ".cluster-picture .apart");
  await page.keyboard.press("u");
  await until(async () => of(records[2]).isChecked(), "u takes it back");
  const back = await call("GET", `/v1/contacts/${contact.id}/cluster`);
  assert.deepEqual(back.links.map((one) => one.decided), cluster.links.map((one) => one.decided), "everything is open again");

  await page.locator(`[data-member="${records[2]}"] label`).click(); // by pointer, too
  await until(async () => !(await of(records[2]).isChecked()), "split off again");
  const search = await call("POST", "/v1/duplicate-searches");
  await until(async () => (await call("GET", `/v1/jobs/${search.id}`)).state === "done", "the stock is searched");
  const groups = (await call("GET", "/v1/duplicates?limit=100&decision=different")).items;
  const pair = groups.flatMap((group) => group.pairs).find((one) => [one.left_id, one.right_id].sort().join() === [records[1], records[2]].sort().join());
  assert.equal(pair.decided, "different", "a search over the stock does not bring it up again");
  for (const group of (await call("GET", "/v1/duplicates?limit=100")).items) {
    const ids = group.members.map((one) => one.record_id);
    assert.ok(!(ids.includes(records[1]) && ids.includes(records[2])), "no group holds both");
  }
  assert.equal(await boxes.count(), 3);

  // The third column's number takes its value.
  await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 12; i++) {
    if (await page.evaluate(() => document.activeElement?.closest("[data-field]")?.getAttribute("data-field") === "phones")) break;
    await page.keyboard.press("ArrowDown");
  }
  if (!(await page.locator("[data-field=phones]").count())) await page.locator(".fold").first().click();
  await page.locator("[data-field=phones] .choice input").first().focus();
  await page.keyboard.press("3");
  await page.locator("[data-field=phones] .result").getByText("+4930777002").first().waitFor();
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("any record of the CRM can be compared, not only those that matching found", async () => {
  const rec = await record({ given_name: "Wilhelmine", family_name: "Unähnlich", organization: "Fern AG" });
  const contact = await card({ given_name: "Kurt", family_name: "Suchender", emails: [mail("kurt@suche.example")] });
  const { page, go, close } = await open();
  await go(`/app/contacts/${contact.id}/merge`);
  await page.waitForSelector(".merge-tools");
  await page.keyboard.press("o");
  await page.fill("#record-search", "Unähnlich");
  await page.press("#record-search", "Enter");
  await page.waitForSelector(".pick-list.found a");
  await judged(page, "other record searched", ".pick-list.found");
  await page.locator(".pick-list.found a").first().click();
  await page.waitForURL(`**/merge?*record=${rec}*`);
  await page.locator("[data-field=family_name] [data-side=crm]").getByText("Unähnlich").waitFor();
  await close();
});

/** @param {string} path */
const vendorHas = async (path) => (await (await fetch(vendor.api + path, { headers: { "x-api-token": vendor.token } })).json()).data;

test("the star says which address is the main one: in the dry run, and at the vendor", async () => {
  const body = { name: "Stella Stern", emails: [{ value: "alt@stern.example", primary: true, label: "work" }], phones: [{ value: "+49 30 888001", primary: true, label: "work" }] };
  const made = (await (await fetch(`${vendor.api}/persons`, { method: "POST", headers: { "x-api-token": vendor.token, "Content-Type": "application/json" }, body: JSON.stringify(body) })).json()).data;
  const pull = await call("POST", `/v1/connections/${vendor.connection}/pull`);
  await until(async () => (await call("GET", `/v1/jobs/${pull.id}`)).state === "done", "the pull is done");
  const contact = await card({ given_name: "Stella", family_name: "Stern", emails: [mail("alt@stern.example"), mail("neu@stern.example")], phones: [phone("+4930888001")] });
  const found = (await candidates(contact)).find((one) => one.connection.id === vendor.connection);
  const { page, seen, go, close } = await open();
  await go(merge(contact, found.record_id, vendor.connection));
  await page.waitForSelector("[data-field=emails] .stars");
  assert.equal(await page.locator("[data-field=phones] .stars").count(), 0, "one value needs no star");
  const changed = `zuletzt geändert am ${new Intl.DateTimeFormat("de-DE", { dateStyle: "medium" }).format(new Date(made.update_time))}`;
  assert.ok((await page.locator(".merge-table thead").first().innerText()).includes(changed), "the column of the CRM says when it was last changed there");
  assert.ok((await page.locator(".provenance").innerText()).includes(changed));
  await judged(page, "star", ".stars");
  assert.ok(await page.locator("[data-field=emails] .stars input").first().isChecked(), "what is the main one there stays it");
  await page.locator("[data-field=emails] .stars input").first().focus();
  await page.keyboard.press("ArrowRight");
  await until(async () => (await page.locator("[aria-live=polite]").innerText()).includes("neu@stern.example ist der Hauptwert"), "the choice is announced");
  await page.keyboard.press("d");
  await page.waitForSelector("dialog[open] .changes");
  assert.match(await page.locator("dialog[open] .changes td.after").first().innerText(), /neu@stern\.example[\s\S]*alt@stern\.example/);
  await page.locator("dialog[open] .acts .primary").click();
  await writeBack(contact.id, "written");
  const [person] = await vendorHas(`/persons?ids=${made.id}`);
  assert.deepEqual(person.emails.map((one) => [one.value, one.primary]), [["alt@stern.example", false], ["neu@stern.example", true]]);
  await page.waitForSelector(".undo button");
  await page.keyboard.press("u");
  await writeBack(contact.id, "undone");
  const [again] = await vendorHas(`/persons?ids=${made.id}`);
  assert.deepEqual(again.emails.map((one) => [one.value, one.primary]), [["alt@stern.example", true]], "taken back, the star, too");
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("the inbox sifts by what speaks for it, and sorts by effort and value", async () => {
  const items = async (query) => (await call("GET", `/v1/inbox?limit=100&${query}`)).items;
  const byMail = await items("reason=email");
  assert.ok(byMail.length > 0 && byMail.every((one) => one.best.reasons.some((reason) => reason.field === "email" && reason.weight > 0)));
  const effort = (await items("sort=effort")).filter((one) => one.best).map((one) => one.conflicts);
  assert.deepEqual(effort, [...effort].sort((a, b) => a - b), "least to decide first");
  const value = (await items("sort=value")).filter((one) => one.best).map((one) => one.additions);
  assert.deepEqual(value, [...value].sort((a, b) => b - a), "most to gain first");
  const whole = await items("sort=effort"), pages = [];
  for (let next = "/v1/inbox?sort=effort&limit=2"; next;) { const page = await call("GET", next); pages.push(...page.items.map((one) => one.contact.id)); next = page.links.next; }
  assert.deepEqual(pages, whole.map((one) => one.contact.id), "page by page it is the same");
  const { page, go, close } = await open();
  await go("/app/inbox");
  await page.locator(".inbox-row").first().waitFor();
  await page.keyboard.press("f");
  await page.selectOption("#inbox-sort", "effort");
  await page.selectOption("#inbox-reason", "email");
  await page.locator(".inbox-row").first().waitFor();
  await judged(page, "inbox sifted", "#inbox-sort");
  await close();
});

/** A finger across a row. @param {import("playwright-core").Page} page @param {string} row @param {number} by px */
async function swipe(page, row, by) {
  const box = await page.locator(row).boundingBox();
  assert.ok(box);
  const tools = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const at = (/** @type {number} */ i) => [{ x: x + (by * i) / 10, y }];
  await tools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let i = 1; i <= 10; i++) await tools.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(i) });
  return async () => { await tools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] }); await tools.detach(); };
}

test("a row says its fair, who captured it and how long ago; a finger accepts it or puts it off", async () => {
  const known = { given_name: "Wanda", family_name: "Wischer", organization: "Wisch AG", emails: [mail("wanda@wisch.example")] };
  await record(known);
  const contact = await card({ ...known, phones: [phone("+4930777055")] });
  const fair = await call("POST", "/v1/fairs", { name: "Wischmesse", legal_basis: "contract" });
  sql(`update kartei.contacts set fair_id = '${fair.id}', created_at = now() - interval '75 hours' where id = '${contact.id}'`);
  const there = (await call("GET", `/v1/inbox?fair=${fair.id}`)).items;
  assert.deepEqual(there.map((/** @type {any} */ one) => one.contact.id), [contact.id]);
  assert.equal((await call("GET", `/v1/inbox/lanes?fair=${fair.id}`)).items.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.n, 0), 1);
  assert.equal((await call("GET", `/v1/inbox?fair=${fair.id}&sort=value`)).items.length, 1);
  const { page, seen, go, close } = await open({ width: 390, phone: true });
  await go("/app/inbox");
  await page.locator(".inbox-row").first().waitFor();
  await page.locator(".inbox-filter > button").first().click();
  await page.selectOption("#inbox-fair", fair.id);
  const row = `[data-contact="${contact.id}"]`;
  await until(async () => (await page.locator(".inbox-row").count()) === 1, "only the fair's is shown");
  await page.locator(".inbox-filter > button").first().click();
  await page.locator(row).scrollIntoViewIfNeeded();
  assert.match(await page.locator(`${row} .inbox-facts`).innerText(), /^Wischmesse · Anna Test · vor 3 Tagen$/);
  await judged(page, "inbox of a fair", row);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(row).scrollIntoViewIfNeeded();
  const little = await swipe(page, row, 60);
  await little();
  await (await swipe(page, row, -200))();
  await page.waitForSelector("dialog[open] .quick-choices button:focus");
  await page.keyboard.press("Escape");
  const end = await swipe(page, row, 200);
  assert.equal(await page.locator(row).getAttribute("data-swipe"), "right far");
  if (process.env.KARTEI_SHOTS) await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/swipe.png` });
  assert.equal((await call("GET", `/v1/write-backs?contact=${contact.id}`)).items.length, 0, "nothing is done before the finger leaves");
  await end();
  await writeBack(contact.id, "written");
  await page.locator(".empty", { hasText: "geschrieben" }).waitFor();
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});
