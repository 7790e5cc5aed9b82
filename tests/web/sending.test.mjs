// What leaves the pages: requests with their heads, failures as sentences, photos one after another and never twice.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { here, json, page, service } from "./stage.mjs";

const { useLanguage } = await page("i18n.js");
await useLanguage("en");
const { api, Problem, useCsrf } = await page("api.js");
const { add, dismiss, queue, resend, stateOf } = await page("queue.js");

/** @type {{method: string, path: string, headers: Headers, body: any}[]} */
let asked = [];
/** @type {(path: string, n: number) => Response | Promise<Response>} */
let answer = () => json(200, {});
beforeEach(() => {
  asked = [];
  answer = () => json(200, {});
  service.answer = (path, init) => {
    asked.push({ method: init.method || "", path, headers: new Headers(init.headers), body: init.body });
    return answer(path, asked.length);
  };
});

test("a change says whose page it is and which version it saw", async () => {
  useCsrf("key-of-the-session");
  await api.patch("/v1/contacts/1", { family_name: "Vogt" }, 7);
  assert.equal(asked[0].headers.get("X-CSRF-Token"), "key-of-the-session");
  assert.equal(asked[0].headers.get("If-Match"), '"v7"');
  assert.equal(asked[0].headers.get("Content-Type"), "application/json");
});
test("reading carries no key", async () => {
  await api.get("/v1/contacts");
  assert.equal(asked[0].headers.get("X-CSRF-Token"), null);
  assert.equal(asked[0].headers.get("Idempotency-Key"), null);
});
test("every request that makes something can be repeated safely", async () => {
  await api.post("/v1/lists", { name: "Fair" });
  await api.post("/v1/lists", { name: "Fair" });
  const keys = asked.map((one) => one.headers.get("Idempotency-Key"));
  assert.ok(keys[0] && keys[1] && keys[0] !== keys[1]);
});
test("a failure is the service's own sentence", async () => {
  answer = () => json(422, { type: "/problems/invalid-input", title: "Invalid input", status: 422, detail: "A name is needed.", errors: [{ pointer: "/name", detail: "required" }] });
  const problem = await api.post("/v1/lists", {}).catch((/** @type {any} */ failed) => failed);
  assert.ok(problem instanceof Problem);
  assert.deepEqual([problem.slug, problem.detail, problem.errors[0].pointer], ["invalid-input", "A name is needed.", "/name"]);
});
test("no network is a sentence, too", async () => {
  answer = () => { throw new TypeError("fetch failed"); };
  const problem = await api.get("/v1/lists").catch((/** @type {any} */ failed) => failed);
  assert.deepEqual([problem.slug, problem.status], ["offline", 0]);
  assert.ok(!problem.detail.startsWith("["));
});
test("whoever is no longer signed in comes back to where they were", async () => {
  answer = () => json(401, { type: "/problems/unauthenticated", title: "Please sign in", status: 401, detail: "" });
  await assert.rejects(api.get("/v1/contacts"));
  assert.deepEqual(here.assigned, ["/sign-in?next=%2Fapp%2Finbox"]);
});

const photo = (/** @type {string} */ name) => new File([name], name, { type: "image/jpeg" });
const scan = (/** @type {string} */ id) => ({ id, state: "received", list_id: "l", cards: [], quality: { advice: [] }, problem: null, version: 1 });
const until = async (/** @type {() => boolean} */ done) => { for (let i = 0; i < 200 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 5)); assert.ok(done()); };
const session = { user: { id: "u", role: "user" }, org: {}, csrf: "key" };
const uploads = () => asked.filter((one) => one.method === "POST" && one.path.startsWith("/v1/scans"));

test("photos go one after another, the first taken first", async () => {
  let under = 0;
  answer = async (path) => {
    if (path === "/v1/session") return json(200, session);
    if (!path.startsWith("/v1/scans?")) return json(200, scan(path.split("/").pop() || ""));
    assert.equal(++under, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    under--;
    return json(202, scan(`s${uploads().length}`));
  };
  await add([photo("one"), photo("two"), photo("three")], { list: "l", fair: "" });
  await until(() => queue.value.every((/** @type {any} */ item) => item.scan));
  assert.deepEqual(uploads().map((one) => one.body.name), ["one", "two", "three"]);
  queue.value = [];
});
test("what the way held back goes again under its first key", async () => {
  answer = (path) => (path === "/v1/session" ? json(200, session) : uploads().length === 1 ? json(503, { type: "/problems/busy", title: "Busy", status: 503, detail: "Later." }) : json(202, scan("s")));
  await add([photo("one")], { list: "l", fair: "" });
  await until(() => queue.value[0]?.problem);
  assert.deepEqual([queue.value[0].state, queue.value[0].problem.detail], ["waiting", "Later."]);
  await resend(queue.value[0].key);
  await until(() => Boolean(queue.value[0].scan));
  const keys = uploads().map((one) => one.headers.get("Idempotency-Key"));
  assert.deepEqual([keys.length, keys[0]], [2, keys[1]]);
  dismiss(queue.value[0].key);
  assert.deepEqual(queue.value, []);
});
test("what the service does not want is refused and holds nothing up", async () => {
  answer = (path) => (uploads().length === 1 && path.startsWith("/v1/scans?") ? json(415, { type: "/problems/not-an-image", title: "No image", status: 415, detail: "No." }) : json(202, scan("two")));
  await add([photo("text"), photo("two")], { list: "l", fair: "" });
  await until(() => queue.value.every((/** @type {any} */ item) => item.scan || item.problem));
  assert.deepEqual(queue.value.map((/** @type {any} */ item) => item.state), ["sent", "refused"]);
  queue.value = [];
});
test("the service is told which bytes were meant", async () => {
  answer = () => json(202, scan("d"));
  await add([photo("abc")], { list: "l", fair: "" });
  await until(() => Boolean(queue.value[0].scan));
  assert.equal(uploads()[0].headers.get("Content-Digest"), "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"); // FIPS 180-2, "abc"
  queue.value = [];
});
test("the same photo again is one row", async () => {
  answer = () => json(200, scan("same"));
  await add([photo("one"), photo("one")], { list: "l", fair: "" });
  await until(() => queue.value.every((/** @type {any} */ item) => item.scan));
  assert.equal(queue.value.length, 1);
  assert.equal(stateOf(queue.value[0]), "received");
  queue.value = [];
});
