// What a merge becomes, and how values of fields compare: as values, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { choiceOf, mainOf, resultOf, takesOf, touched, changing, previewBody, clashes, clashesOf, settle } = await page("merge_state.js");
const { FIELDS, addressLine, around, both, confidenceWord, equal, rowsOf } = await page("fields.js");
const { table } = await page("history/export.js");
const { csv, harmless } = await page("table_file.js");

const mail = (/** @type {string} */ value) => ({ value, kind: "work" });
const row = (/** @type {object} */ more) => ({ field: "job_title", group: "conflict", card: "CTO", crm: "Head of IT", proposal: "card", why: "card-is-newer", multi: false, confidence: 0.9, snippet: null, ...more });
const mails = row({ field: "emails", multi: true, card: [mail("a@x.example"), mail("B@x.example")], crm: [mail("b@x.example")], proposal: "both" });
const place = row({ field: "birth", group: "unmapped", card: "1.1.1970", crm: null });
const review = (/** @type {any[]} */ fields) => ({ contact_id: "c", contact_version: 3, connection: { id: "k" }, record: { id: "r", version: "v7" }, fields });

test("the rules' proposal holds until somebody chooses", () => {
  assert.deepEqual(choiceOf(row({}), {}), { take: "card" });
  assert.equal(resultOf(row({}), {}), "CTO");
  assert.equal(resultOf(row({}), { job_title: { take: "crm" } }), "Head of IT");
  assert.equal(resultOf(row({}), { job_title: { take: "own", value: "CIO" } }), "CIO");
});
test("both keeps what the CRM has, first, and adds only what it lacks", () => assert.deepEqual(resultOf(mails, {}).map((/** @type {any} */ one) => one.value), ["b@x.example", "a@x.example"]));
test("both is offered only where several values live side by side", () => {
  assert.deepEqual(takesOf(mails), ["card", "crm", "both", "own"]);
  assert.deepEqual(takesOf(row({})), ["card", "crm", "own"]);
  assert.deepEqual(takesOf({ ...mails, crm: [] }), ["card", "crm", "own"]);
  assert.deepEqual(takesOf(place), []);
});
test("what the CRM has no place for does not count as a change", () => assert.equal(changing(review([row({}), mails, place]), {}), 2));
test("a choice equal to the proposal leaves nothing to lose", () => {
  assert.equal(touched(review([row({})]), { job_title: { take: "card" } }), false);
  assert.equal(touched(review([row({})]), { job_title: { take: "crm" } }), true);
});
test("the preview names only what was chosen, and the version that was seen", () => assert.deepEqual(previewBody(review([row({}), mails]), { job_title: { take: "own", value: "CIO" } }), {
  contact_id: "c", contact_version: 3, connection_id: "k", record_id: "r", remote_version: "v7", choices: [{ field: "job_title", take: "own", value: "CIO" }] }));
test("a preview of a new record names no record", () => assert.equal("record_id" in previewBody({ ...review([row({})]), record: null }, {}), false));
test("a change there clashes where we mean something else", () => {
  const [clash] = clashes(review([row({})]), {}, review([row({ crm: "Managing director" })]));
  assert.deepEqual(clash, { field: "job_title", intent: "CTO", now: "Managing director", loaded: "Head of IT", keep: "intent" });
});
test("a change there that is what we mean is no clash", () => assert.deepEqual(clashes(review([row({})]), {}, review([row({ crm: "CTO" })])), []));
test("who wanted to keep what was there keeps what is there now", () => assert.equal(clashes(review([row({})]), { job_title: { take: "crm" } }, review([row({ crm: "Boss" })])).length, 1));
test("after a refused write only fields that differ from both are asked", () => {
  const changes = [{ field: "job_title", before: "Head of IT", after: "CTO" }, { field: "organization", before: "A", after: "B" }];
  const now = review([row({ crm: "Boss" }), row({ field: "organization", crm: "B" })]);
  assert.deepEqual(clashesOf(changes, now).map((/** @type {any} */ one) => one.field), ["job_title"]);
});
test("a settled clash becomes a choice", () => assert.deepEqual(settle({}, [{ field: "a", keep: "now", intent: "x" }, { field: "b", keep: "intent", intent: "y" }]), { a: { take: "crm" }, b: { take: "own", value: "y" } }));

test("the same number, address or site in another spelling is one value", () => {
  assert.equal(both("phones", [mail("+49 30 1234")], [mail("+49301234")]).length, 1);
  assert.equal(both("urls", [mail("https://x.example/")], [mail("https://x.example")]).length, 1);
  assert.equal(both("addresses", [{ street: "Hauptstr. 5", city: "Ulm" }], [{ street: "Hauptstraße 5", city: "Ulm" }]).length, 1);
  assert.equal(both("addresses", [{ street: "Hauptstr. 6", city: "Ulm" }], [{ street: "Hauptstraße 5", city: "Ulm" }]).length, 2);
});
test("nothing and null are equal, values only when they are", () => assert.deepEqual([equal(null, undefined), equal("a", "b"), equal([mail("a")], [mail("a")])], [true, false, true]));
test("a reading is sure, likely or doubtful", () => assert.deepEqual([0.95, 0.9, 0.8, 0.5].map(confidenceWord), ["sure", "sure", "likely", "doubtful"]));
test("an address reads as one line", () => assert.equal(addressLine({ street: "Hauptstr. 5", postal_code: "89073", city: "Ulm", country: null }), "Hauptstr. 5, 89073 Ulm"));
test("one box goes around several", () => assert.deepEqual([around([[10, 20, 5, 5], [30, 10, 10, 4], []]), around([])], [[10, 10, 30, 15], null]));
test("a row per value: where it stands, how sure, or by hand", () => {
  const claims = [{ field: "emails/0/value", value: "a@x.example", confidence: 0.6, card_box: [1, 2, 3, 4], alternatives: [] }];
  const rows = rowsOf({ given_name: "Eva", emails: [mail("a@x.example"), mail("typed@x.example")] }, claims);
  assert.deepEqual(rows.map((/** @type {any} */ one) => [one.path, one.byHand, one.confidence]), [["given_name", true, 1], ["emails/0", false, 0.6], ["emails/1", true, 1]]);
  assert.deepEqual(rows[1].box, [1, 2, 3, 4]);
});
test("the main value goes first, is a change, and is named to the preview", () => {
  const choices = { emails: { take: "both", main: "a@x.example" } };
  assert.deepEqual(resultOf(mails, choices).map((/** @type {any} */ one) => one.value), ["a@x.example", "b@x.example"]);
  assert.deepEqual(previewBody(review([mails]), choices).choices, [{ field: "emails", take: "both", main: "a@x.example" }]);
  assert.equal(touched(review([mails]), choices), true);
  assert.deepEqual(mainOf({ ...mails, main: true }, {}).length, 2);
  assert.deepEqual(mainOf(mails, {}), [], "no star where the CRM has none");
});
test("no cell of a table is a formula, and every cell comes back", () => {
  const text = csv([["a", "b"], ["=1+1", "+49 30 123"], ["@x", '-2, "q"'], ["\tx", null]]);
  assert.equal(text, "\ufeffa,b\r\n'=1+1,+49 30 123\r\n'@x,\"'-2, \"\"q\"\"\"\r\n\"'\tx\",\r\n");
  assert.equal(harmless("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
});
test("the history as a table has the rule of each field; what was decided before says that it was not kept", () => {
  const one = { id: "w", created_at: "d", by: "Ina", policy: null, state: "written", action: "update", display: "Eva", contact_id: "c", connection: { name: "CRM" }, remote_id: "r", undoable_until: null,
    changes: [{ field: "job_title", before: "A", after: "B" }], rulings: [{ field: "job_title", rule: "card-is-newer", proposal: "card", take: "card", overridden: false }, { field: "department", rule: "card-is-newer", proposal: "card", take: "crm", overridden: true }] };
  const rows = (/** @type {object} */ more) => table([{ ...one, ...more }]).split("\r\n").slice(1, -1).map((/** @type {string} */ line) => line.split(",").slice(11).join(","));
  assert.deepEqual(rows({}), ["job_title,A,B,card-is-newer,card,card,false", "department,,,card-is-newer,card,crm,true"]);
  assert.deepEqual(rows({ rulings: [] }), ["job_title,A,B,not_kept,,,"]);
  assert.deepEqual(rows({ rulings: [], action: "merge" }), ["job_title,A,B,,,,"]);
  assert.deepEqual(rows({ rulings: [], changes: [] }), [",,,,,,"]);
  const widths = new Set(table([one]).trim().split("\r\n").map((/** @type {string} */ line) => line.split(",").length));
  assert.equal(widths.size, 1);
});
test("fields are those that the service knows", async () => {
  const { readFileSync } = await import("node:fs");
  const known = [...readFileSync(new URL("../../contact/fields.def", import.meta.url), "utf8").matchAll(/^X\((\w+)/gm)].map((one) => one[1]);
  assert.deepEqual(Object.keys(FIELDS), known);
});
