// An administrator's bad days: the CRM throws the app out while a write waits; a mail says much and leaves a suggestion only; a person is
// erased and last night's backup comes back. Judged by what lies out there: the CRM's ledger, every file of the instance.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";
import { browser, call, config, open, until } from "./kartei.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FRESH = 22000; // ms: a token younger than that which is refused is taken for a slow provider, not for an end

/** Something happens outside of Kartei (run_admin.py). @param {string} act @param {object} [values] @returns {Promise<any>} */
async function outside(act, values = {}) {
  const answer = await fetch(`${config.desk}/${act}`, { method: "POST", body: JSON.stringify(values) });
  const said = await answer.json();
  assert.equal(answer.status, 200, said);
  return said;
}

const speak = (/** @type {string} */ language, /** @type {Record<string, string>} */ headers = {}) => call("PATCH", "/v1/session", { language, theme: "system" }, headers);
const ANNA = { Cookie: config.anna.cookie, "X-CSRF-Token": config.anna.csrf };

before(() => Promise.all([speak("de"), speak("de", ANNA)]));
after(() => browser.close());

/** All judges, narrow and wide, light and dark. @param {Page} page @param {string} where @returns {Promise<string[]>} */
async function looked(page, where) {
  const faults = [];
  for (const [width, colorScheme] of /** @type {const} */ ([[1280, "light"], [1280, "dark"], [360, "dark"], [360, "light"]])) {
    await page.setViewportSize({ width, height: 860 });
    await page.emulateMedia({ colorScheme });
    if (process.env.KARTEI_SHOTS) await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/${where.replaceAll(/[^\w]+/g, "-")}-${width}-${colorScheme}.png`, fullPage: true });
    for (const [kind, found] of /** @type {const} */ ([["axe", await axe(page)], ["sideways", await sideways(page)], ["small", width < 700 ? await tooSmall(page) : []], ["word", await missingWords(page)]]))
      faults.push(...found.map((one) => `${where} at ${width}, ${colorScheme}: ${kind}: ${one}`));
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: "light" });
  return faults;
}

/** The same in both languages, where the state outlives a reload. @param {Page} page @param {string} where @param {string} ready @param {Record<string, string>} [headers] whose language */
async function judged(page, where, ready, headers) {
  const faults = await looked(page, `${where} de`);
  await speak("en", headers);
  await page.reload();
  await page.locator(ready).first().waitFor();
  faults.push(...(await looked(page, `${where} en`)));
  await speak("de", headers);
  await page.reload();
  await page.locator(ready).first().waitFor();
  assert.deepEqual(faults, []);
}

/** The provider's page is a redirect: somebody says yes there. @param {Page} page @param {string} address of its server @param {string} act */
const consents = (page, address, act) => page.route((url) => url.href.startsWith(address) && url.pathname.endsWith("/authorize"), async (route) =>
  route.fulfill({ status: 302, headers: { Location: await outside(act, { url: route.request().url() }) } }));

/** What nobody may see: violations of the policy, errors of scripts. @param {{csp: string[], broken: string[]}} seen */
const clean = (seen) => assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });

/** A mapping that leaves one field out. @param {string} id of the connection */
async function ownMapping(id) {
  const shipped = await call("GET", `/v1/connections/${id}/mapping/export`);
  const { version } = await call("GET", `/v1/connections/${id}/mapping`);
  const drafted = await call("POST", `/v1/connections/${id}/mapping`, { ...shipped, rows: shipped.rows.slice(0, -1) }, { "If-Match": `"v${version}"` });
  await call("POST", `/v1/connections/${id}/mapping/activate`, undefined, { "If-Match": `"v${drafted.version}"` });
}

/** From the form over the CRM's page to a connection that may write, with a mapping of its own. @param {Page} page @returns {Promise<string>} its id */
async function connected(page) {
  await page.goto(`${config.base}/app/connections/new`);
  await page.click("input[value=dynamics]");
  for (const name of ["url", "tenant", "client_id", "client_secret"]) await page.fill(`#connection-${name}`, config.crm[name]);
  await page.click("main form button[type=submit]");
  await page.waitForURL(/oauth\/callback/);
  for (const word of ["Test GmbH", "admin@kartei.example", "Kartei Integration (integration@muster.example)", "Muster Produktion", "Ist das die richtige?"]) assert.ok((await page.innerText("main")).includes(word), word);
  assert.deepEqual(await looked(page, "consent given"), []);
  await page.locator("main a[href^='/app/connections/']").first().click();
  await page.waitForURL(/app\/connections\/./);
  const [, id] = page.url().match(/connections\/([\w-]+)/) || [];
  await page.goto(`${config.base}/app/connections/${id}/policy`);
  await page.click("input[value=confirm]");
  await page.click("main .acts .primary");
  await page.waitForURL(new RegExp(`connections/${id}$`));
  await ownMapping(id);
  return id;
}

/** A person typed by hand, compared with the CRM. @param {string} family @param {object} [more] */
async function enter(family, more = {}) {
  const made = await call("POST", "/v1/contacts", { contact: { ...more, given_name: "Ida", family_name: family, emails: [{ value: `ida@${family.toLowerCase()}.example`, kind: "work" }] } });
  await until(async () => (await call("GET", `/v1/contacts/${made.id}`)).state === "matched", `${family} is matched`);
  return made.id;
}

const connection = (/** @type {string} */ id) => call("GET", `/v1/connections/${id}`);
const traffic = (/** @type {string} */ id) => call("GET", `/v1/connections/${id}/traffic`);
const lastWrite = async (/** @type {string} */ contact) => (await call("GET", `/v1/write-backs?contact=${contact}`)).items[0];

test("the CRM throws the app out: one call tells, reconnecting keeps mapping and queue, and what waited is written once", async () => {
  const { page, seen, close } = await open();
  await consents(page, config.crm.url, "consent");
  const id = await connected(page);
  const before = await connection(id);
  assert.deepEqual([before.health.state, before.policy], ["ok", "confirm"]);

  const contact = await enter("Wartburg");
  await page.goto(`${config.base}/app/contacts/${contact}/merge?connection=${id}&create=true`);
  await page.locator(".action-bar button", { hasText: "Probelauf" }).click();
  await page.waitForSelector("dialog[open] .changes");
  await page.waitForTimeout(Math.max(0, Date.parse(before.authorization.granted_at) + FRESH - Date.now()));
  await outside("revoke_app");
  const counted = await outside("crm_counts");
  await page.locator("dialog[open] .acts .primary").click();
  await until(async () => (await lastWrite(contact))?.state === "waiting", "the write waits");
  const told = await connection(id);
  assert.equal(told.health.state, "reauthorise");
  const after = await outside("crm_counts");
  assert.ok(after.calls - counted.calls <= 1 && after.token - counted.token === 1, `one call tells: ${JSON.stringify([counted, after])}`);
  assert.equal(await outside("crm_writes", { family: "Wartburg" }), 0);
  const bad = await traffic(id);
  const [failed] = bad.calls;
  assert.deepEqual([failed.work, failed.requests, failed.problem === null, failed.write_back], ["write", 1, false, (await lastWrite(contact)).id]);
  assert.deepEqual(bad.renewals.map((/** @type {any} */ one) => one.problem === null), [false]);
  assert.deepEqual(bad.faults.map((/** @type {any} */ one) => [one.problem, one.n]), [[failed.problem, 1]]);
  assert.ok(bad.requests > 1 && bad.slowest_ms >= bad.mean_ms, JSON.stringify(bad));

  await page.goto(`${config.base}/app/connections/${id}`);
  await page.locator(".health-panel.reauthorise").waitFor();
  await page.locator("section[aria-labelledby=traffic-title] a", { hasText: "1 " }).waitFor(); // what waits is told
  await page.click(".traffic-record summary");
  assert.deepEqual(await looked(page, "calls of a connection"), []);
  await judged(page, "connection revoked", ".health-panel.reauthorise");
  await page.locator("section[aria-labelledby=consent-title] .acts button").first().click();
  await page.waitForURL(/oauth\/callback/);
  await until(async () => (await lastWrite(contact)).state === "written", "what waited is written");
  const [person, ...more] = await outside("crm_people", { family: "Wartburg" });
  assert.deepEqual([person.emailaddress1, more, await outside("crm_writes", { family: "Wartburg" })], ["ida@wartburg.example", [], 1]);
  const now = await connection(id);
  assert.deepEqual([now.health.state, now.id, now.policy, now.mapping_version], ["ok", id, before.policy, before.mapping_version]);
  const good = await traffic(id);
  const sent = good.calls.find((/** @type {any} */ one) => one.work === "write");
  assert.deepEqual([sent.problem, good.faults[0].n], [null, 1], "what went well is noted, too");
  await page.goto(`${config.base}/app/connections/${id}`);
  await page.locator(".health-panel.ok").waitFor();
  await judged(page, "connection again", ".health-panel.ok");
  clean(seen);
  await close();
});

test("the CRM says whose a record is, and when and by whom it was last changed: verdict, inbox, merge view", async () => {
  const contact = await enter("Wartburg", { job_title: "Leiterin" });
  const { page, seen, close } = await open();
  const day = new Intl.DateTimeFormat("de-DE", { dateStyle: "medium" }).format(new Date());
  const whose = `gehört Petra Keller, zuletzt geändert am ${day} von Jonas Weber`;
  await page.goto(`${config.base}/app/contacts/${contact}`);
  await page.locator(".verdict-line small", { hasText: whose }).waitFor();
  await judged(page, "contact with an owner", ".verdict-lines");
  const [best] = (await call("GET", `/v1/contacts/${contact}/candidates`)).items;
  await outside("crm_owner", { name: "Bernd Übernahme" });
  await page.goto(`${config.base}/app/contacts/${contact}/merge?connection=${best.connection.id}&record=${best.record_id}`);
  await page.locator(".provenance", { hasText: `gehört Bernd Übernahme, zuletzt geändert am ${day} von Jonas Weber` }).waitFor();
  await page.locator(".merge-table thead", { hasText: `zuletzt geändert am ${day} von Jonas Weber` }).first().waitFor();
  await judged(page, "merge view with an owner", ".provenance");
  await page.goto(`${config.base}/app/inbox`);
  await page.locator(`[data-contact="${contact}"] a`).first().focus();
  await page.locator(".inbox-preview .match", { hasText: "gehört Bernd Übernahme" }).waitFor();
  await judged(page, "inbox with an owner", ".inbox-row");
  clean(seen);
  await close();
});

/** On paper: nothing of the frame around, light whatever the screen is, and all of the result. @param {Page} page */
async function printed(page) {
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const seen = await page.evaluate(() => {
    const shown = (/** @type {string} */ what) => [...document.querySelectorAll(what)].filter((one) => one.getClientRects().length > 0).length;
    const light = (/** @type {string} */ colour) => (colour.match(/[\d.]+/g) || []).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) / 3;
    return { buttons: shown("main button, main .button"), bars: shown(".bar, .back, .toasts"), rows: shown(".self-test-row"), wide: Math.min(...[...document.querySelectorAll(".self-test dd")].map((one) => one.getBoundingClientRect().width)), ground: light(getComputedStyle(document.documentElement).backgroundColor),
      paper: light(getComputedStyle(document.querySelector(".self-test")).backgroundColor), ink: light(getComputedStyle(document.querySelector(".self-test dd")).color) };
  });
  if (process.env.KARTEI_SHOTS) await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/self-test-print.png`, fullPage: true });
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "system"));
  await page.emulateMedia({ media: "screen", colorScheme: "light" });
  assert.ok(seen.wide > 300, `the words have room: ${seen.wide} px`); // not the column of the navigation
  assert.ok(seen.ground > 250 && seen.paper > 250 && seen.ink < 80, JSON.stringify(seen));
  assert.deepEqual([seen.buttons, seen.bars, seen.rows], [0, 0, 11], JSON.stringify(seen));
}

const OUT_OF_IT = ["Die Verbindung „Salesforce“ funktioniert", "Muster Sandbox", "v66.0", "von 15.000 Aufrufen am Tag", "Department", "OtherPhone", "„Standard_Contact_Duplicate_Rule“: fragt Menschen", "Die Suche nach einer Adresse dauerte", "Diese Verbindung darf nicht schreiben", "nichts geschrieben", "gestartet von"];

test("the self-test says limit, fields, duplicate rules and speed; it stays with the connection and can be printed", async () => {
  const { page, seen, close } = await open();
  await consents(page, config.org.login, "consent_org");
  await page.goto(`${config.base}/app/connections/new`);
  await page.click("input[value=salesforce]");
  await page.click("input[name=connection-login-choice][value=own]");
  for (const name of ["login", "client_id", "client_secret"]) await page.fill(`#connection-${name}`, config.org[name]);
  await page.click("main form button[type=submit]");
  await page.waitForURL(/oauth\/callback/);
  await page.locator("main a", { hasText: "Weiter zum Selbsttest" }).click();
  await page.locator(".self-test").waitFor();
  const said = await page.innerText("main");
  for (const word of ["Schritt 4 von 6", ...OUT_OF_IT]) assert.ok(said.includes(word), `${word} in ${said}`);
  assert.ok(await page.locator(".self-test-row.warning", { hasText: "Felder" }).count(), "missing permissions are marked");
  await judged(page, "self-test", ".self-test");
  const again = await page.innerText("main");
  assert.deepEqual(OUT_OF_IT.filter((word) => !again.includes(word)), [], "after a reload");
  await printed(page);

  await page.locator("main a", { hasText: "Weiter zur Feldzuordnung" }).waitFor();
  const [, id] = page.url().match(/connections\/([\w-]+)/) || [];
  await page.goto(`${config.base}/app/connections/${id}`);
  const link = page.locator("a", { hasText: "Selbsttest vom" });
  await link.waitFor();
  await page.locator("section[aria-labelledby=health-title] button", { hasText: "Verbindung testen" }).click();
  await page.locator(".test-result li.warning li").first().waitFor();
  const asked = (await traffic(id)).calls.filter((/** @type {any} */ one) => one.work === "test").map((/** @type {any} */ one) => one.requests);
  assert.ok(asked.length && asked.every((/** @type {number} */ n) => n === 5), `five requests a test: ${asked}`);
  await judged(page, "health with self-test", ".self-test-link");
  const calls = await outside("org_calls");
  await link.focus();
  await page.keyboard.press("Enter");
  await page.locator(".self-test").waitFor();
  assert.equal(await outside("org_calls"), calls, "looking at it asks nobody");

  const { version } = await call("GET", `/v1/connections/${id}`);
  await call("PATCH", `/v1/connections/${id}/policy`, { policy: "confirm" }, { "If-Match": `"v${version}"` });
  await page.locator("main button", { hasText: "Erneut prüfen" }).click();
  await page.locator(".self-test-row.ok", { hasText: "angelegt, geändert und entfernt" }).waitFor();
  assert.ok(!(await page.innerText("main")).includes("nichts geschrieben"));
  assert.deepEqual(await outside("org_living"), [], "the sandbox has nothing of it left");
  clean(seen);
  await close();
});

const NOTED = { error: "invalid_client", error_description: "app must be installed into org" };

test("where a Salesforce is signed in to is chosen with the keyboard, and a wrong address or a refusal says what to do", async () => {
  const { page, seen, close } = await open();
  await page.goto(`${config.base}/app/connections/new`);
  await page.locator("input[name=kind]").first().waitFor();
  await page.focus("input[name=kind]:checked");
  for (let i = 0; i < 4 && !(await page.locator("input[name=kind][value=salesforce_lead]:checked").count()); i++) await page.keyboard.press("ArrowDown");
  const chosen = () => page.locator("input[name=connection-login-choice]:checked").getAttribute("value");
  await page.focus("input[name=connection-login-choice]:checked");
  assert.equal(await chosen(), "https://login.salesforce.com");
  await page.keyboard.press("ArrowDown");
  assert.equal(await chosen(), "https://test.salesforce.com");
  await page.keyboard.press("ArrowDown");
  assert.equal(await chosen(), "own");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "connection-login", "the next stop is the address");
  await page.keyboard.type("https://muster.lightning.force.com");
  await page.fill("#connection-client_id", "app");
  await page.keyboard.press("Enter");
  await page.locator("#connection-login-error").waitFor();
  assert.match(await page.innerText("#connection-login-error"), /NAME\.my\.salesforce\.com.*NAME--SANDBOX\.sandbox\.my\.salesforce\.com/);
  assert.equal(await page.getAttribute("#connection-login", "aria-invalid"), "true");
  assert.deepEqual(await looked(page, "salesforce address"), []);
  await page.click("input[value=dynamics]");
  await page.fill("#connection-url", "https://make.powerapps.com");
  for (const name of ["tenant", "client_id", "client_secret"]) await page.fill(`#connection-${name}`, config.crm[name]);
  await page.keyboard.press("Enter");
  await page.locator("#connection-url-error", { hasText: "NAME.crm4.dynamics.com" }).waitFor();

  await page.click("input[value=salesforce]");
  await page.click("input[name=connection-login-choice][value=own]");
  for (const name of ["login", "client_id", "client_secret"]) await page.fill(`#connection-${name}`, config.org[name]);
  await page.route((url) => url.href.startsWith(config.org.login) && url.pathname.endsWith("/authorize"), (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const said = new URLSearchParams({ ...NOTED, state: asked.get("state") || "" });
    return route.fulfill({ status: 302, headers: { Location: `${asked.get("redirect_uri")}?${said}` } });
  });
  await page.click("main form button[type=submit]");
  await page.waitForURL(/oauth\/callback/);
  assert.equal(await page.innerText("h1"), "Die App ist dort nicht installiert");
  assert.ok(!(await page.content()).includes("must be installed"), "its own words are not repeated");
  assert.deepEqual(await looked(page, "app not installed de"), []);
  await page.locator("main a.button", { hasText: "Zur Verbindung" }).click();
  await page.locator("section[aria-labelledby=consent-title] .acts button.primary").waitFor();
  await speak("en");
  await page.reload();
  await page.locator("section[aria-labelledby=consent-title] .acts button.primary").click();
  await page.waitForURL(/oauth\/callback/);
  assert.equal(await page.innerText("h1"), "The app is not installed there");
  assert.deepEqual(await looked(page, "app not installed en"), []);
  await page.goto(`${config.base}/app/connections/new`);
  await page.click("input[value=salesforce_lead]");
  assert.deepEqual(await looked(page, "salesforce choice en"), []);
  await speak("de");
  clean(seen);
  await close();
});

/** Signed in as the owner of a mailbox. */
const asAnna = () => open({ cookie: config.anna.cookie });

test("a mail leaves a suggestion in the chosen list, and nothing else of it is kept anywhere", async () => {
  const list = await call("POST", "/v1/lists", { name: "Aus Mails" }, ANNA);
  const { page, seen, go, close } = await asAnna();
  await consents(page, config.mail.login, "consent_mail");
  await go("/app/mailboxes/new");
  await page.click("input[value=microsoft]");
  await page.click(".fold-away summary");
  for (const name of ["address", "tenant", "client_id", "client_secret", "login", "graph"]) await page.fill(`#mailbox-${name}`, config.mail[name]);
  await page.selectOption("#mailbox-list", list.id);
  await page.click("main form button[type=submit]");
  await page.waitForURL(/oauth\/callback/);
  assert.deepEqual(await looked(page, "mailbox consent given"), []);
  await page.locator("main a[href^='/app/mailboxes/']").first().click();
  await page.locator(".health-panel").waitFor();
  const [, id] = page.url().match(/mailboxes\/([\w-]+)/) || [];
  const mailbox = () => call("GET", `/v1/mailboxes/${id}`, undefined, ANNA);
  await until(async () => (await mailbox()).watching, "Microsoft tells of new mail");

  const sender = await outside("deliver", { n: 1 });
  await until(async () => (await mailbox()).suggested === 1, "the mail is looked at");
  await page.reload();
  await page.locator(".facts").first().waitFor();
  await judged(page, "mailbox that suggested", ".facts", ANNA);
  await page.goto(`${config.base}/app/contacts`);
  const row = page.locator(".card-row", { hasText: `${sender.first} ${sender.last}` });
  await row.waitFor();
  assert.match(await row.innerText(), /Signatur/);
  await judged(page, "suggestion", ".card-row", ANNA);
  await row.click();
  await page.locator(".fields, .contact-main").first().waitFor();
  const [found] = (await call("GET", "/v1/contacts?limit=50", undefined, ANNA)).items.filter((/** @type {any} */ one) => one.contact.emails.some((/** @type {any} */ mail) => mail.value === sender.email));
  assert.deepEqual([found.list_id, found.contact.family_name, found.source.kind], [list.id, sender.last, "signature"]);

  const kept = await outside("held_of_mail", { n: 1 });
  assert.deepEqual(kept.hits, []);
  assert.ok(kept.bytes > 20e6, `${kept.bytes} bytes were looked at`);
  await outside("plant", { n: 1 });
  assert.equal((await outside("held_of_mail", { n: 1 })).hits.length, 1, "the judge sees what is there");
  await outside("unplant");
  clean(seen);
  await close();
});

/** Whether a page of contacts shows her. @param {Page} page @param {string} base @param {string} family */
async function shows(page, base, family) {
  await page.goto(`${base}/app/contacts`);
  await page.locator("main .rows, main .empty").first().waitFor();
  return (await page.locator(".card-row", { hasText: family }).count()) > 0;
}

test("an erased person stays erased when last night's backup comes back", async () => {
  await enter("Zweigelt");
  await enter("Riesling"); // stays
  await outside("backup");
  const { page, seen, go, close } = await open();
  assert.equal(await shows(page, config.base, "Zweigelt"), true);

  await go("/app/subjects");
  await page.locator("main button.primary").first().click();
  await page.click("dialog[open] input[value=erasure]");
  await page.fill("#subject-email", "ida@zweigelt.example");
  await page.fill("#subject-reference", "Brief vom 30.11.");
  await page.click("dialog[open] button[type=submit]");
  await page.waitForURL(/app\/subjects\/./);
  await page.locator(".subject-find").first().waitFor();
  await judged(page, "what was found of her", ".subject-find");
  for (const box of await page.locator(".subject-find input").all()) await box.check();
  await page.locator("main .acts button.danger").click();
  await page.locator("dialog[open] .subject-extent").waitFor();
  assert.deepEqual(await looked(page, "what would be erased"), []);
  const number = (await page.innerText("h1")).match(/\d+/)?.[0] || "";
  await page.fill("#subject-number", `${number}0`);
  await page.click("dialog[open] button[type=submit]");
  assert.equal(await page.locator("dialog[open] #subject-number[aria-invalid=true]").count(), 1, "another number erases nothing");
  await page.fill("#subject-number", number);
  await page.click("dialog[open] button[type=submit]");
  await page.locator("dialog").waitFor({ state: "detached" });
  await judged(page, "certificate", ".subject-papers");
  assert.equal(await shows(page, config.base, "Zweigelt"), false);

  const without = await outside("restore", { erasures: false });
  assert.equal(await shows(page, without.base, "Zweigelt"), true, "the backup has her: the judge sees her there");
  const restored = await outside("restore", { erasures: true });
  assert.equal(await shows(page, restored.base, "Zweigelt"), false);
  assert.equal(await shows(page, restored.base, "Riesling"), true);
  clean(seen);
  await close();
});
