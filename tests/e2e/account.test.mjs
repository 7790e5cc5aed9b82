// From an invitation to an account that is looked after: joining by a code, a second factor by the page, a password, sign-ins ended.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import { browser, call, open, until } from "./kartei.mjs";

after(() => browser.close());

/** What an authenticator app shows now (RFC 6238). @param {string} secret base32 */
function appCode(secret) {
  const bits = [...secret.replaceAll(" ", "")].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const seed = Buffer.from((bits.match(/.{8}/g) || []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac("sha1", seed).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

const EMAIL = `nele${Date.now()}@muster.example`;
const PASSWORD = "vuxolm 9xq"; // short is enough beside a second factor

/** @param {import("playwright-core").Page} page @param {Record<string, string>} form */
async function send(page, form) {
  for (const [id, text] of Object.entries(form)) await page.fill(`#${id}`, text);
  await page.click("button[type=submit]");
}

/** Signs in with the password and a recovery code. @param {string} code */
async function signIn(code) {
  const tab = await open({ cookie: null });
  await tab.go("/sign-in?next=/app/account");
  await send(tab.page, { email: EMAIL, password: PASSWORD });
  await tab.page.waitForURL(/second-factor/);
  await send(tab.page, { code });
  await tab.page.waitForSelector("main .desk-row");
  return tab;
}

/** @param {import("playwright-core").Page} page */
const rows = (page) => page.locator("#sign-ins-title ~ .rows .desk-row").count();

test("a code, a second factor, a password, and other sign-ins ended", async () => {
  const { code } = await call("POST", "/v1/invitations", { email: EMAIL, role: "user" });
  const { page, seen, go, close } = await open({ cookie: null });
  await go("/sign-in/invitation");
  await send(page, { code: code.toLowerCase().replaceAll("-", " "), name: "Nele Muster", email: EMAIL });
  await page.waitForSelector(".capture");

  await go("/app/account");
  await page.locator("#factor-title ~ .acts button").click();
  await page.waitForSelector("dialog[open] .qr img");
  assert.ok(await page.locator(".qr img").evaluate((/** @type {HTMLImageElement} */ image) => image.decode().then(() => image.naturalWidth > 50)), "the picture is drawn");
  await page.fill("#factor-first", "000000");
  await page.click("dialog[open] button[type=submit]");
  await page.waitForSelector("#factor-first-error");
  await page.fill("#factor-first", appCode(await page.locator("dialog[open] .secret-line code").innerText()));
  await page.click("dialog[open] button[type=submit]");
  await page.waitForSelector(".code-list li");
  const recovery = await page.locator(".code-list li").allInnerTexts();
  assert.equal(new Set(recovery).size, 10);
  await page.click("dialog[open] .primary");
  await page.waitForSelector("#factor-title .badge.ok");

  await page.locator("#password-title ~ button").click();
  await page.fill("#password-next", PASSWORD);
  await page.click("#password-title ~ form button[type=submit]");
  await page.waitForURL(/sign-in/);

  const here = await signIn(recovery[0]);
  const there = await signIn(recovery[1]);
  await here.go("/app/account");
  await until(async () => (await rows(here.page)) === 2, "both sign-ins are listed", 20);
  await here.page.locator("#sign-ins-title ~ .acts button").first().click();
  await until(async () => (await rows(here.page)) === 1, "the other one has gone", 20);
  await there.go("/app/account");
  await there.page.waitForURL(/sign-in/);
  assert.deepEqual([seen.csp, here.seen.csp, seen.broken, here.seen.broken], [[], [], [], []]);
  const [made] = (await call("GET", "/v1/invitations")).items.filter((one) => one.email === EMAIL);
  assert.deepEqual([made.state, made.code], ["used", undefined]);
  await Promise.all([close(), here.close(), there.close()]);
});

test("an administrator sees and ends the sign-ins of a user, and takes a lost factor away", async () => {
  const user = (await call("GET", "/v1/users")).items.find((one) => one.email === EMAIL);
  const { page, go, close } = await open();
  await go("/app/users");
  const mine = page.locator("main .desk-row", { hasText: EMAIL }).locator("button");
  await mine.click();
  await page.locator("dialog[open] .dialog-more button").nth(1).click();
  await page.locator("dialog[open] .desk-row button").click();
  await until(async () => (await call("GET", `/v1/sessions?user=${user.id}`)).items.length === 0, "the sign-in has ended", 20);
  await page.keyboard.press("Escape");
  await mine.click();
  await page.locator("dialog[open] .dialog-more button").nth(2).click();
  await page.fill("#reset-reason", "Phone lost, called back");
  await page.click("dialog[open] button[type=submit]");
  await page.waitForSelector("dialog", { state: "detached" });
  const told = (await call("GET", `/v1/audit?action=second_factor.reset&user=${(await call("GET", "/v1/session")).user.id}`)).items[0];
  assert.deepEqual([told.subject_id ?? told.subject, told.why], [user.id, "Phone lost, called back"]);
  const tab = await open({ cookie: null });
  await tab.go("/sign-in");
  await send(tab.page, { email: EMAIL, password: PASSWORD });
  await tab.page.waitForURL(/enrolment/); // short alone is never enough
  await Promise.all([close(), tab.close()]);
});
