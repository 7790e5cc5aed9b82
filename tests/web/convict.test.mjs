// The judges convict: every rule gets one planted fault in a small tree of pages, and the clean tree passes.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { bareWords, judgeBareWords, judgeIcons, judgeKeys, judgeLanguages, judgeParts, judgeTypes, readPages } from "./judge.mjs";

const HEAD = `
/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
function t(key, values) { return key + values; }
/** @param {string} key @param {string} otherwise @returns {string} */
function textOr(key, otherwise) { return key || otherwise; }
/** @param {TemplateStringsArray} parts @param {any[]} values */
function html(parts, ...values) { return [parts, values]; }
const Icon = 1;
/** @param {"red" | "blue"} colour @param {string} anything @param {{label_key: string}} row */
export function page(colour, anything, row) {
`;
const CODE = 'html`<p title=${t("hello")}>${t(`colour.${colour}`)} ${t("cards", { n: 2 })} <kbd>E</kbd><${Icon} name="pen" /><${Icon} name=${anything ? "bin" : "pen"} /></p>`;';
const SPRITE = '<svg><symbol id="pen"/><symbol id="bin"/></svg>';
const DE = { hello: "Guten Tag", "colour.red": "Rot", "colour.blue": "Blau", cards: { one: "{n} Karte", other: "{n} Karten" } };
const EN = { hello: "Hello", "colour.red": "Red", "colour.blue": "Blue", cards: { one: "{n} card", other: "{n} cards" } };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pages-"));
after(() => fs.rmSync(folder, { recursive: true }));
let planted = 0;

/** Judges a small tree. Without the library of the language, which takes long to read: tsc's complaints about that are left out. */
function judge({ code = CODE, de = DE, en = EN, known = {}, routes = "" } = {}) {
  const root = path.join(folder, String(++planted));
  fs.mkdirSync(path.join(root, "js"), { recursive: true });
  fs.mkdirSync(path.join(root, "locales"));
  fs.writeFileSync(path.join(root, "js/page.js"), `${HEAD}${code}\n}\n`);
  if (routes) fs.writeFileSync(path.join(root, "js/routes.js"), routes);
  fs.writeFileSync(path.join(root, "locales/de.json"), JSON.stringify(de));
  fs.writeFileSync(path.join(root, "locales/en.json"), JSON.stringify(en));
  fs.mkdirSync(path.join(root, "icons"));
  fs.writeFileSync(path.join(root, "icons/sprite.svg"), SPRITE);
  const pages = readPages(root, { allowJs: true, checkJs: true, strict: true, noEmit: true, noLib: true, types: [], target: ts.ScriptTarget.ES2023 });
  const types = judgeTypes(pages).filter((fault) => !/Cannot find (global type|name) '/.test(fault));
  return { pages, types, keys: judgeKeys(pages, known), languages: judgeLanguages(pages.words), words: judgeBareWords(pages), icons: judgeIcons(pages) };
}

/** @param {string[]} faults @param {RegExp} sentence */
function convicts(faults, sentence) {
  assert.equal(faults.length, 1, faults.join("\n"));
  assert.match(faults[0], sentence);
}

const with_ = (/** @type {string} */ more) => CODE + more;

test("clean pages pass", () => {
  const { pages: _, ...faults } = judge();
  assert.deepEqual(faults, { types: [], keys: [], languages: [], words: [], icons: [] });
});
test("a wrong type", () => convicts(judge({ code: with_("\n/** @type {number} */ const n = anything; html`${n}`;") }).types, /js\/page\.js:\d+: Type 'string' is not assignable/));
test("a key that is missing", () => convicts(judge({ code: with_('t("good.bye");') }).keys, /good\.bye is missing/));
test("a key of one colour that is missing", () => {
  const { "colour.blue": _, ...less } = DE;
  convicts(judge({ de: less, en: less }).keys, /colour\.blue is missing/);
});
test("a key behind a condition that is missing", () => convicts(judge({ code: with_('t(anything ? "hello" : "good.bye");') }).keys, /good\.bye is missing/));
test("a key that nobody can know", () => convicts(judge({ code: with_("t(`shape.${anything}`);") }).keys, /nobody knows which keys shape\.\* stands for/));
test("a key that only a variable knows", () => convicts(judge({ code: with_("t(anything);") }).keys, /nobody knows which keys \* stands for/));
test("a key of the service that is missing", () => convicts(judge({ code: with_("t(row.label_key);"), known: { "*label_key*": ["hello", "form.url"] } }).keys, /form\.url is missing/));
test("a word of the service that is missing", () => convicts(judge({ code: with_("t(`colour.${anything}`);"), known: { "colour.*": ["red", "green"] } }).keys, /colour\.green is missing/));
test("a key that there may be none of may be missing", () => assert.deepEqual(judge({ code: with_("textOr(`shape.${anything}`, anything);") }).keys, []));
test("a key that there may be none of, but that the service has words for, is missing", () => convicts(judge({ code: with_("textOr(`colour.${anything}`, anything);"), known: { "colour.*": ["red", "green"] } }).keys, /colour\.green is missing/));
test("a text that there may be none of, without its value", () => convicts(judge({ code: with_('textOr("cards", anything);') }).keys, /cards needs a value for \{n\}/));
test("a key that nobody uses", () => convicts(judge({ de: { ...DE, old: "Alt" }, en: { ...EN, old: "Old" } }).keys, /old: in the catalogues, but nowhere used/));
test("a text without its value", () => convicts(judge({ code: with_('t("cards");') }).keys, /cards needs a value for \{n\}/));
test("a key in one language only", () => convicts(judge({ de: { ...DE, hi: "Hallo" } }).languages, /hi: only in de/));
test("languages that name different values", () => convicts(judge({ en: { ...EN, hello: "Hello {name}" } }).languages, /hello: de and en name different values/));
test("a plural without a variant", () => convicts(judge({ en: { ...EN, cards: /** @type {any} */ ({ other: "{n} cards" }) } }).languages, /cards: en lacks a variant/));
test("an empty text", () => convicts(judge({ en: { ...EN, hello: " " } }).languages, /hello: empty in en/));
test("bare words between tags", () => convicts(judge({ code: with_("html`<p>Guten Tag</p>`;") }).words, /“Guten Tag” is not in the catalogues/));
test("bare words in a label", () => convicts(judge({ code: with_('html`<p aria-label="Gruß">${1}</p>`;') }).words, /“Gruß”/));
test("bare words in a member that is read out", () => convicts(judge({ code: with_('({ text: "Saved" });') }).words, /“Saved”/));
test("signs, holes, keys of the keyboard and our name are no words", () => assert.deepEqual(bareWords('<b class="x y">\0 · \0</b> → <kbd>Esc</kbd> <strong>Kartei</strong><input type="text" title="\0" />'), []));
test("words beside a hole are words", () => assert.deepEqual(bareWords("<p>\0 Karten</p>"), ["Karten"]));
test("an icon that is missing", () => convicts(judge({ code: with_('html`<${Icon} name=${anything ? "pen" : "flag"} />`;') }).icons, /the sprite has no icon flag/));

const ROUTES = '({ part: "desk", load: () => import("./page.js") });';
test("words that come with their screen, or with every screen", () => {
  const { pages } = judge({ code: CODE, routes: ROUTES });
  assert.deepEqual(judgeParts(pages, {}, { first: { hello: 1 }, desk: { "colour.red": 1, "colour.blue": 1, cards: 1 } }), []);
  convicts(judgeParts(pages, {}, { first: { hello: 1 }, desk: { "colour.red": 1, cards: 1 } }), /page\.js:\d+: colour\.blue does not come with the part desk/);
});
test("words of the service that do not come with the screen", () => {
  const { pages } = judge({ code: "t(row.label_key);", routes: ROUTES });
  convicts(judgeParts(pages, { "*label_key*": ["hello"] }, { first: {}, desk: {} }), /hello does not come with the part desk/);
});
