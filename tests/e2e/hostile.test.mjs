// Hostile text in every place that text comes in by (by hand, by import, on a photographed card), looked at on every screen:
// nothing is executed, nothing violates the content security policy, nothing breaks out of its place.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, call, config, open, until, upload } from "./kartei.mjs";
import { sideways } from "./judge.mjs";

const LIMIT = 4096; // bytes of one text value
const MOST = [LIMIT, 1000, 500, 250, 120, 60];
const SCRIPT = "<script>globalThis.__kartei('broken','executed')</script><img src=x onerror=\"globalThis.__kartei('broken','executed')\">";
const TEXTS = {
  script: SCRIPT, quotes: "\"'><svg onload=\"globalThis.__kartei('broken','executed')\">", link: "javascript:globalThis.__kartei('broken','executed')",
  bidi: "\u202eEvil\u2066\u2069\u200b Name\u202c", formula: "=HYPERLINK(\"https://evil.example\",\"click\")", template: "${alert(1)} {{7*7}} {name}",
  long: "W".repeat(LIMIT), words: "lang ".repeat(LIMIT / 5), marks: "Z\u0351\u0343\u034d\u0321\u0353".repeat(200), empty: "\u200b",
};
/** @param {string} text @param {string} key */
const person = (text, key) => ({ given_name: text.slice(0, 200) || "x", family_name: text, organization: text, job_title: text, department: text, name_prefix: text.slice(0, 40),
  emails: [{ value: `hostile-${key}@kartei.example`, kind: "work" }], addresses: [{ street: text.slice(0, 400), city: text.slice(0, 200), country: "DE" }] });

/** @type {Map<string, any>} */
const made = new Map();
/** The scan of the photographed card. */
let card = "";

before(async () => {
  await call("PATCH", "/v1/session", { language: "de", theme: "system" });
  for (const [key, text] of Object.entries(TEXTS)) {
    // What the service refuses is not there to hurt; then comes as much of it as is taken.
    for (const most of MOST) {
      const one = await call("POST", "/v1/contacts", { contact: person(text.slice(0, most), key) }).catch(() => null);
      if (!one) continue;
      made.set(key, one);
      break;
    }
  }
  await assert.rejects(call("POST", "/v1/contacts", { contact: { family_name: "W".repeat(10000) } }), /422/);
  const drop = await call("POST", "/v1/connections", { kind: "file_drop", name: SCRIPT.slice(0, 60), settings: {}, secret: {} });
  const quoted = (text) => `"${text.replaceAll("\"", "\"\"")}"`;
  await call("POST", `/v1/connections/${drop.id}/imports`, { text: `Name,Email,Company\n${Object.entries(TEXTS).map(([key, text]) => `${quoted(text.slice(0, 1000))},hostile-${key}@kartei.example,${quoted(text.slice(0, 1000))}`).join("\n")}\n` });
  await call("POST", "/v1/lists", { name: SCRIPT.slice(0, 100) });
  await call("POST", "/v1/users", { email: "hostile@kartei.example", name: SCRIPT.slice(0, 100), role: "user" });
  if (config.hostile) card = (await upload({ file: config.hostile })).id;
  for (const one of made.values()) await until(async () => (await call("GET", `/v1/contacts/${one.id}`)).state === "matched", "compared", 120);
});
after(() => browser.close());

test("the judge sees what is executed", async () => {
  const { page, seen, go, close } = await open();
  await go("/app/settings");
  await page.evaluate(() => globalThis.__kartei("broken", "executed"));
  assert.deepEqual(seen.broken, ["executed"]);
  await close();
});

test("no screen executes it or falls apart", async () => {
  assert.ok(made.size >= 8, `${made.size} of them got in`);
  const contacts = [...made.values()].flatMap((one) => [`/app/contacts/${one.id}`, `/app/contacts/${one.id}/merge`, `/app/contacts/${one.id}/merge?create=true`]);
  const paths = ["/", "/app/inbox", "/app/contacts", "/app/history", "/app/lists", "/app/users", "/app/connections", "/app/duplicates", "/app/audit", ...contacts];
  if (card) {
    const scan = await until(async () => { const one = await call("GET", `/v1/scans/${card}`); return one.state === "read" && one; }, "the card is read", 120);
    const read = scan.cards.filter((one) => one.contact_id);
    assert.ok(read.length, "somebody was read on it");
    for (const one of read) paths.push(`/app/contacts/${one.contact_id}`);
  }
  const { page, seen, go, close } = await open({ width: 390 });
  const faults = [];
  for (const path of paths) {
    await go(path);
    await page.locator("main h1").first().waitFor();
    await page.waitForTimeout(500);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      faults.push(...(await sideways(page)).map((one) => `${path} at ${width}: ${one}`));
    }
    assert.equal(await page.locator("a[href^='javascript:']").count(), 0, path);
  }
  assert.deepEqual(faults, []);
  assert.deepEqual({ csp: seen.csp, broken: seen.broken }, { csp: [], broken: [] });
  console.log(`# ${paths.length} screens, ${made.size} hostile contacts, 0 executions`);
  await close();
});
