// Names in the wrong field: what one tap puts right, and what is left alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { nameHelps } = await page("names.js");
const { readings } = await page("fields.js");
const first = (/** @type {object} */ person) => nameHelps(person)[0];

test("titles and degrees leave the name", () => {
  assert.deepEqual(first({ given_name: "Dr. Ing. Anna", family_name: "Berg" }).patch, { name_prefix: "Dr. Ing.", given_name: "Anna" });
  assert.deepEqual(first({ given_name: "Anna", family_name: "Berg MBA" }).patch, { family_name: "Berg", name_suffix: "MBA" });
  assert.deepEqual(first({ name_prefix: "Prof.", given_name: "Dr. Anna", family_name: "Berg" }).patch, { name_prefix: "Prof. Dr.", given_name: "Anna" });
});
test("von goes to the family name", () => {
  assert.deepEqual(first({ given_name: "Anna von der", family_name: "Berg" }).patch, { given_name: "Anna", family_name: "von der Berg" });
});
test("a name in one field is split, before its particles", () => {
  assert.deepEqual(first({ family_name: "Anna Maria Berg" }).patch, { given_name: "Anna Maria", family_name: "Berg" });
  assert.deepEqual(first({ given_name: "Anna von Berg" }).patch, { given_name: "Anna", family_name: "von Berg" });
});
test("names that are names stay: only swapping is offered", () => {
  for (const person of [{ given_name: "Maria", family_name: "Draxler" }, { given_name: "Ingrid", family_name: "Medina" }, { given_name: "Ian", family_name: "Magnus" }, { given_name: "Mara", family_name: "Da Silva" }]) {
    assert.deepEqual(nameHelps(person).map((/** @type {any} */ one) => one.act), ["swap"], JSON.stringify(person));
  }
  assert.deepEqual(nameHelps({ family_name: "Berg" }), []);
});
test("another reading of one word is one of the whole value", () => {
  assert.deepEqual(readings("Leiter Einkaut", ["Einkauf", "Leiter Verkauf"]), ["Leiter Einkauf", "Leiter Verkauf"]);
  assert.deepEqual(readings("Mueiler", ["Mueller", "Mueiler"]), ["Mueller"]);
  assert.deepEqual(readings("Head of Sales", ["Vertriebsleiterin"]), ["Vertriebsleiterin"]); // like none of its words
});
