// A vendor's CRM in the merge view: which of two companies of one name, a company that is not there, and the CRM's own merge of two
// of its records, which an administrator has to allow. Judged by what the vendor holds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, call, config, open, until, writeBack } from "./kartei.mjs";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";

const { vendor } = config;
before(() => call("PATCH", "/v1/session", { language: "de", theme: "system" }));
after(() => browser.close());

/** @param {string} path */
const held = async (path) => (await (await fetch(vendor.api + path, { headers: { "x-api-token": vendor.token } })).json()).data;

/** A person typed by hand, compared with the CRMs. @param {string} family @param {Record<string, unknown>} more */
async function enter(family, more) {
  const contact = { given_name: "Ida", family_name: family, emails: [{ value: `ida@${family.toLowerCase()}.example`, kind: "work" }], ...more };
  const made = await call("POST", "/v1/contacts", { contact });
  await until(async () => (await call("GET", `/v1/contacts/${made.id}`)).state === "matched", `${family} is matched`);
  return made.id;
}

/** What all judges say of the page, wide and narrow. @param {import("playwright-core").Page} page @param {string} where @param {number[]} [widths] */
async function judge(page, where, widths = [1280, 390]) {
  const faults = (await missingWords(page)).map((one) => `${where}: word: ${one}`);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 860 });
    for (const [kind, found] of [["axe", await axe(page)], ["sideways", await sideways(page)]]) faults.push(...found.map((one) => `${where} at ${width}: ${kind}: ${one}`));
    if (process.env.KARTEI_SHOTS) await page.screenshot({ path: `${process.env.KARTEI_SHOTS}/${where.replaceAll(" ", "-")}-${width}.png` });
  }
  faults.push(...(await tooSmall(page)).map((one) => `${where}: small: ${one}`));
  await page.setViewportSize({ width: 1280, height: 860 });
  assert.deepEqual(faults, []);
}

test("of two companies of one name the chosen one is linked", async () => {
  const id = await enter("Quellwasser", { organization: vendor.company });
  const { page, seen, go, close } = await open();
  await go(`/app/contacts/${id}/merge?connection=${vendor.connection}&create=true`);
  await page.locator(".action-bar .primary").click();
  await page.waitForSelector(".which-company");
  assert.ok(await page.locator("dialog[open] .acts .primary").isDisabled(), "nothing is written before the question is answered");
  await judge(page, "which company");
  await page.locator(".which-company label", { hasText: "Wien" }).click();
  await until(async () => !(await page.locator("dialog[open] .acts .primary").isDisabled()), "the answer is planned");
  await page.locator("dialog[open] .acts .primary").click();
  const written = await writeBack(id, "written");
  const [person] = await held(`/persons?ids=${written.remote_id}`);
  assert.equal(person.org_id, vendor.twins[1]);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("where none has the name, one that is alike can be taken, or another searched", async () => {
  const id = await enter("Feldmark", { organization: "Nordlicht Reederei GmbH" });
  const { page, go, close } = await open({ theme: "dark" });
  await go(`/app/contacts/${id}/merge?connection=${vendor.connection}&create=true`);
  await page.locator(".action-bar button", { hasText: "Probelauf" }).click();
  await page.waitForSelector(".which-company");
  await page.fill("#company-search", "zwill");
  await page.press("#company-search", "Enter");
  await until(async () => await page.locator(".which-company .choice-card").count() === 4, "the search adds both twins");
  await judge(page, "no such company");
  await page.locator(".which-company label", { hasText: "Kiel" }).click();
  await until(async () => !(await page.locator("dialog[open] .acts .primary").isDisabled()), "the answer is planned");
  assert.match(await page.locator("dialog[open] .changes").innerText(), /Nordlicht Reederei SE/);
  await page.locator("dialog[open] .acts .primary").click();
  const written = await writeBack(id, "written");
  assert.equal((await held(`/persons?ids=${written.remote_id}`))[0].org_id, vendor.near);
  await close();
});

test("a company that the vendor does not have is made when a person says so, once, and linked", async () => {
  const name = "Morgenrot Werke KG", contacts = [await enter("Neufirma", { organization: name }), await enter("Altfirma", { organization: name })];
  const { page, seen, go, close } = await open();
  const companies = async () => (await held(`/organizations/search?term=${encodeURIComponent(name)}&fields=name&exact_match=true`)).items.map((/** @type {any} */ one) => one.item.id);
  await go(`/app/contacts/${contacts[0]}/merge?connection=${vendor.connection}&create=true`);
  await page.locator(".action-bar .primary").click();
  await page.waitForSelector(".new-company");
  await judge(page, "new company");
  assert.deepEqual(await companies(), [], "nothing is made by looking");
  await page.route("**/companies", (route) => route.fulfill({ status: 503, contentType: "application/problem+json",
    body: JSON.stringify({ type: "/problems/busy", title: "Ausgelastet", status: 503, detail: "In drei Minuten sehen wir nach." }) }), { times: 1 });
  await page.locator(".new-company button").click();
  await page.waitForSelector(".which-company .notice.bad");
  await judge(page, "new company refused", [390]);
  await page.locator(".new-company button").click();
  await page.waitForSelector(".which-company .choice-card.chosen");
  await until(async () => !(await page.locator("dialog[open] .acts .primary").isDisabled()), "the company is planned");
  await judge(page, "new company made");
  const made = await companies();
  assert.equal(made.length, 1);
  await page.locator("dialog[open] .acts .primary").click();
  const [person] = await held(`/persons?ids=${(await writeBack(contacts[0], "written")).remote_id}`);
  assert.equal(person.org_id, made[0]);

  await go(`/app/contacts/${contacts[1]}/merge?connection=${vendor.connection}&create=true`);
  await page.locator(".action-bar .primary").click();
  const [colleague] = await held(`/persons?ids=${(await writeBack(contacts[1], "written")).remote_id}`);
  assert.equal(colleague.org_id, made[0], "the next card of the company finds it");
  assert.deepEqual(await companies(), made);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  await close();
});

test("the vendor's own fields stand in the mapping page, and a place that was left out comes back", async () => {
  const { page, go, close } = await open();
  await go(`/app/connections/${vendor.connection}/mapping`);
  const box = page.locator(".map-rows .check input").nth(2);
  await box.uncheck();
  await page.locator("button", { hasText: "Entwurf" }).first().click();
  await until(async () => (await call("GET", `/v1/connections/${vendor.connection}/mapping`)).draft, "the draft is kept");
  await page.reload();
  await page.waitForSelector(".map-rows");
  await judge(page, "mapping of a vendor");
  await page.locator(".map-rows .check input").nth(2).check();
  await page.locator("button", { hasText: "Entwurf" }).first().click();
  await until(async () => !(await call("GET", `/v1/connections/${vendor.connection}/mapping`)).draft, "the draft says what is active, and is gone");
  await close();
});

test("every kind of connection has its form", async () => {
  const { page, go, close } = await open({ theme: "dark" });
  for (const { kind, name, oauth } of (await call("GET", "/v1/connectors")).items) {
    if (kind === "address_book") continue;
    await go("/app/connections/new");
    await page.locator(".choice-card", { hasText: name }).first().click();
    await page.waitForSelector("#connection-name");
    for (const grant of oauth?.grants || [""]) {
      if (oauth?.grants.length > 1) await page.locator(`input[name=grant][value=${grant}]`).check();
      await judge(page, `new ${kind} ${grant}`.trim(), [390]);
    }
  }
  await close();
});

test("two records become one where an administrator has allowed it, and not before", async () => {
  const family = "Doppelmann";
  const made = [];
  for (let i = 0; i < 2; i++) {
    const body = { name: `Ida ${family}`, emails: [{ value: `ida@${family.toLowerCase()}.example`, primary: true, label: "work" }],
      phones: i ? [{ value: "+49 221 4711", primary: true, label: "work" }] : [] };
    const answer = await fetch(`${vendor.api}/persons`, { method: "POST", headers: { "x-api-token": vendor.token, "Content-Type": "application/json" }, body: JSON.stringify(body) });
    made.push((await answer.json()).data.id);
  }
  const job = await call("POST", `/v1/connections/${vendor.connection}/pull`);
  await until(async () => (await call("GET", `/v1/jobs/${job.id}`)).state === "done", "the pull is done");
  const id = await enter(family, {});
  const merge = `/app/contacts/${id}/merge?connection=${vendor.connection}`;
  const { page, go, close } = await open();
  await go(merge);
  await page.waitForSelector(".merge-tools");
  await page.locator(".merge-tools button", { hasText: "Anderer Datensatz" }).click();
  await page.waitForSelector(".pick-list");
  assert.equal(await page.locator(".pick-list button").count(), 0, "off by default");

  await go(`/app/connections/${vendor.connection}/policy`);
  await page.locator("input[role=switch]").check();
  await judge(page, "policy with merge");
  await page.locator(".acts .primary").click();
  await page.waitForURL(`**/app/connections/${vendor.connection}`);

  await go(merge);
  await page.waitForSelector(".merge-tools");
  await page.locator(".merge-tools button", { hasText: "Anderer Datensatz" }).click();
  await judge(page, "other record with merge");
  await page.locator(".pick-list button").first().click();
  await page.waitForSelector("dialog[open] .check input");
  await judge(page, "merge two records");
  assert.ok(await page.locator("dialog[open] .danger").isDisabled());
  await page.locator("dialog[open] .check input").check();
  await page.locator("dialog[open] .danger").click();
  const written = await writeBack(id, "written");
  assert.equal(written.action, "merge");
  assert.equal(written.undoable, false);
  const left = await held(`/persons?ids=${made}`);
  assert.equal(left.length, 1, "one of both is left");
  await go(`/app/history?contact=${id}`);
  await page.waitForSelector(".entry");
  await judge(page, "history with a merge");
  await close();
});
