// Words, addresses, days, passwords: the small modules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { t, textOr, day, percent, useLanguage, useWords } = await page("i18n.js");
const { match } = await page("router.js");
const { LEAST, newPassword } = await page("password.js");
const { byDay, dayOf, merged } = await page("screens/history.js");
const { cardsOf, partsOf, textOf } = await page("text_file.js");
const { formOf, needsConsent, settingsOf } = await page("screens/connection_form.js");

test("words of a part come in the language of the moment, also when both change at once", async () => {
  await Promise.all([useLanguage("en"), useWords("cards"), useLanguage("de"), useWords("desk")]);
  assert.deepEqual([t("list.contacts", { n: 1 }), t("save"), t("capture.title")].map((text) => text.startsWith("[")), [false, false, false]);
  assert.equal(t("look.language"), "Sprache");
});
test("a part that does not arrive is a fault and is asked for again", async () => {
  await assert.rejects(useWords("nobody"));
  await assert.rejects(useWords("nobody"));
  assert.notEqual(textOr("save", "none"), "none");
});
test("a text with its number: one and many", async () => {
  for (const [language, one, many] of [["de", "1 Kontakt", "2 Kontakte"], ["en", "1 contact", "2 contacts"]]) {
    await useLanguage(language);
    assert.deepEqual([t("list.contacts", { n: 1 }), t("list.contacts", { n: 2 })], [one, many]);
  }
});
test("a missing text shows its key instead of nothing", () => assert.deepEqual([t("no.such.key"), textOr("no.such.key", "otherwise"), textOr("no.such.key", undefined), textOr("save", "otherwise")], ["[no.such.key]", "otherwise", undefined, t("save")]));
test("dates and shares read as people write them", async () => {
  await useLanguage("de");
  assert.deepEqual([day("2026-11-22T12:00:00Z"), day(null), percent(0.5).replace(/\s/, " ")], ["22.11.2026", "", "50 %"]);
  await useLanguage("en");
  assert.deepEqual([day("2026-11-22T12:00:00Z"), percent(0.995)], ["22 Nov 2026", "99.5%"]);
});
test("an address fits its pattern, part by part", () => {
  assert.deepEqual(match("/app/contacts/:id/merge", "/app/contacts/7/merge"), { id: "7" });
  assert.equal(match("/app/contacts/:id", "/app/contacts/7/merge"), null);
  assert.deepEqual(match("/app/users", "/app/users/"), {});
});
test("a password is long, groups of what reads well, and never the same", () => {
  const made = new Set(Array.from({ length: 200 }, () => newPassword()));
  assert.equal(made.size, 200);
  for (const one of made) assert.match(one, /^([a-km-np-zA-HJ-NP-Z2-9]{4}-){4}[a-km-np-zA-HJ-NP-Z2-9]{4}$/);
  assert.ok(newPassword().length >= LEAST);
});
test("no sign of a password is likelier than another", () => {
  const given = Array.from({ length: 256 }, (_, i) => i);
  let at = 0;
  const seen = Array.from({ length: 12 }, () => newPassword((/** @type {Uint8Array} */ bytes) => { bytes[0] = given[at++ % 256]; }).replaceAll("-", "")).join("").slice(0, 224);
  const counts = new Map();
  for (const sign of seen) counts.set(sign, (counts.get(sign) || 0) + 1);
  assert.deepEqual([counts.size, ...new Set(counts.values())], [56, 4]);
});

const write = (/** @type {string} */ id, /** @type {string} */ at) => ({ id, created_at: at, state: "written" });
test("the history has one heading a day", () => {
  const now = new Date();
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12);
  const days = byDay([write("a", now.toISOString()), write("b", before.toISOString()), write("c", before.toISOString()), write("d", "2026-01-05T12:00:00Z")]);
  assert.deepEqual(days.map((/** @type {any} */ one) => [one.day, one.items.length]), [["Today", 1], ["Yesterday", 2], [dayOf("2026-01-05T12:00:00Z"), 1]]);
});
test("news do not take away what was loaded further down", () => {
  const old = { items: [write("c", "2026-01-03"), write("b", "2026-01-02"), write("a", "2026-01-01")], links: { next: null } };
  const now = merged(old, { items: [write("d", "2026-01-04"), write("c", "2026-01-03")], links: { next: "/v1/…" } });
  assert.deepEqual([now.items.map((/** @type {any} */ one) => one.id), now.links.next], [["d", "c", "b", "a"], null]);
});

const kind = { kind: "carddav", name: "CardDAV", form: [
  { name: "url", secret: false, preset: "https://", required: true, grants: [] }, { name: "password", secret: true, preset: null, required: true, grants: [] }] };
test("a kind of connection takes its own inputs along and no others", () => {
  /** @type {any} */
  const several = { ...kind, oauth: { grants: ["code", "key"] }, form: [{ name: "client_id", secret: false, grants: ["code"] }, { name: "token", secret: true, grants: ["key"] }] };
  const values = { "/name": "x", client_id: "app", token: "t" };
  assert.deepEqual([settingsOf(several, values), needsConsent(several, values)], [{ name: "x", settings: { client_id: "app" } }, true]);
  assert.deepEqual(settingsOf(several, { ...values, grant: "key" }).secret, { token: "t" });
  assert.equal(needsConsent(several, { ...values, grant: "key" }), false);
});
test("a secret is sent only when it was typed, and never shown", () => {
  const values = formOf(kind, { name: "Sales", settings: { url: "https://x.example/" } });
  assert.deepEqual(values, { url: "https://x.example/", password: "", "/name": "Sales" });
  assert.deepEqual(settingsOf(kind, values), { name: "Sales", settings: { url: "https://x.example/" } });
  assert.deepEqual(settingsOf(kind, { ...values, password: " p " }).secret, { password: " p " });
});
test("a new form starts with the connector's presets", () => assert.equal(formOf(kind).url, "https://"));
test("a long table goes in parts, each with its headings, and no row is cut", () => {
  const rows = Array.from({ length: 2500 }, (_, i) => `${i},"Zeile\n${i}"\r\n`);
  const parts = partsOf(`id,Name\r\n${rows.join("")}`);
  assert.deepEqual([parts.length, parts.every((part) => part.startsWith("id,Name\r\n"))], [3, true]);
  assert.equal(parts.map((part) => part.slice("id,Name\r\n".length)).join(""), rows.join(""));
  assert.deepEqual(partsOf("id,Name"), ["id,Name"]);
  const cards = "BEGIN:VCARD\nFN:A\nEND:VCARD\n".repeat(1001);
  assert.deepEqual(cardsOf("\nBEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\nbegin:vcard\nFN:B\nend:vcard\n").map((card) => card.trim().length), [28, 26]);
  assert.deepEqual([partsOf(cards).length, partsOf(cards).join("")], [2, cards]);
});
test("a table in Windows-1252 keeps its umlauts", () => {
  assert.equal(textOf(new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]).buffer), "Müller");
  assert.equal(textOf(new TextEncoder().encode("\ufeffMüller").buffer), "Müller");
});
