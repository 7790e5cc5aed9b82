// A fair without a network: what is taken stays on the phone, sealed, survives kill -9 and an expired sign-in, and reaches the
// service exactly once. The browser here has a disk of its own, so that it can die and come back.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { chromium } from "playwright-core";
import { axe, missingWords, sideways } from "./judge.mjs";
import { browser, call, config, matched, until } from "./kartei.mjs";

const HOME = fs.mkdtempSync(path.join(os.tmpdir(), "kartei-phone-"));
const SHOTS = process.env.KARTEI_SHOTS; // a folder for pictures to look at
before(() => call("PATCH", "/v1/session", { language: "de", theme: "system" }));
afterEach(kill); // a test that failed leaves its browser, and HOME is open to one at a time
after(async () => {
  kill();
  await browser.close();
  fs.rmSync(HOME, { recursive: true, force: true });
});

/** The browser of HOME and all its children die at once. */
function kill() {
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(HOME)) process.kill(Number(pid), "SIGKILL");
    } catch { /* it was gone before */ }
  }
}

const cookieOf = () => {
  const [name, ...value] = config.cookie.split("=");
  return { name, value: value.join("="), url: config.base, secure: true, httpOnly: true, sameSite: /** @type {const} */ ("Lax"), expires: Date.now() / 1000 + 3600 };
};

/** @param {{offline?: boolean, film?: boolean}} [wish] film: what the camera sees */
async function phone({ offline = false, film = false } = {}) {
  const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${config.film}`];
  const context = await chromium.launchPersistentContext(HOME, {
    executablePath: config.chromium, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: "reduce", ignoreHTTPSErrors: true,
    args: ["--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", ...(film ? camera : [])],
  });
  await context.addCookies([cookieOf()]); // a killed browser may have lost it: it writes cookies down late
  if (offline) await context.setOffline(true);
  const page = context.pages()[0] || (await context.newPage());
  page.setDefaultTimeout(20000);
  return { context, page };
}

/** So many different pictures without a card. @param {import("playwright-core").Page} page @param {number} n @param {string} word @returns {Promise<{name: string, mimeType: string, buffer: Buffer}[]>} */
async function pictures(page, n, word) {
  const made = await page.evaluate(async ([count, text]) => Promise.all([...Array(count).keys()].map(async (i) => {
    const canvas = new OffscreenCanvas(900, 600);
    const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = "white";
    pen.fillRect(0, 0, 900, 600);
    pen.fillStyle = `hsl(${i * 17} 60% 40%)`;
    pen.font = "90px sans-serif";
    pen.fillText(`${text} ${i}`, 60, 300);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer())];
  })), /** @type {const} */ ([n, word]));
  return made.map((bytes, i) => ({ name: `${word}-${i}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(bytes) }));
}

/** @param {import("playwright-core").Page} page @param {any[]} files */
const take = (page, files) => page.setInputFiles("[data-test=gallery]", files);
/** @param {import("playwright-core").Page} page */
const safe = (page) => page.locator(".queue-row").filter({ hasText: "Auf diesem Gerät gesichert" });
const scans = async () => (await call("GET", "/v1/scans?limit=200")).items;
/** @param {import("playwright-core").Page} page @param {string} name */
const look = (page, name) => SHOTS && page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
/** Files of the browser's storage in which these bytes stand. @param {string} bytes @param {string} folder @returns {string[]} */
const found = (bytes, folder) => fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
  const file = path.join(folder, name);
  return fs.statSync(file).isFile() && fs.readFileSync(file).includes(bytes);
});

test("twenty cards without a network, the browser killed twice: each is at the service once", async () => {
  const before = (await scans()).length;
  let { context, page } = await phone();
  await page.goto(config.base);
  await page.waitForSelector(".capture-acts");
  await until(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active && (await caches.match("/")))), "the pages are kept");
  const files = await pictures(page, 20, "Messe");

  await context.setOffline(true);
  await take(page, files.slice(0, 12));
  await until(async () => (await safe(page).count()) === 12, "twelve are safe");
  assert.match(await page.locator(".net-line").innerText(), /Kein Netz.*12 Aufnahmen/s);
  assert.deepEqual([await axe(page), await missingWords(page), await sideways(page)], [[], [], []]);
  await look(page, "offline");
  kill();

  ({ context, page } = await phone({ offline: true }));
  await page.goto(config.base);
  await until(async () => (await safe(page).count()) === 12, "they are there again, without a network");
  await take(page, files.slice(12));
  await until(async () => (await safe(page).count()) === 20, "twenty are safe");
  assert.match(await page.locator(".queue .proof").innerText(), /20 aufgenommen, 0 auf dem Server/);
  assert.equal((await scans()).length, before, "nothing was sent");

  const storage = path.join(HOME, "Default/IndexedDB");
  assert.deepEqual(found("JFIF", storage), [], "no picture can be read from the device's disk");
  await page.evaluate(() => new Promise((resolve) => { // the same judge, shown an open picture
    const request = indexedDB.open("planted", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("open").put(new TextEncoder().encode("JFIF in the open").buffer, 1);
    request.onsuccess = () => { request.result.close(); resolve(null); };
  }));
  await until(async () => found("JFIF", storage).length > 0, "the judge convicts");

  await context.setOffline(false);
  await until(async () => (await scans()).length >= before + 5, "some are sent");
  kill();
  ({ context, page } = await phone());
  await page.goto(config.base);
  await until(async () => (await scans()).length >= before + 20, "all are sent");
  await until(async () => /20 aufgenommen, 20 auf dem Server/.test(await page.locator(".queue .proof").innerText()), "and the page says so");
  assert.equal((await scans()).length, before + 20, "each once");
  await look(page, "sent");
  await context.close();
});

test("an expired sign-in loses nothing: the photo waits for its owner", async () => {
  const { context, page } = await phone();
  await page.goto(config.base);
  const [one] = await pictures(page, 1, "Abgelaufen");
  await page.waitForSelector(".capture-acts");
  const before = (await scans()).length;
  await context.clearCookies();
  await take(page, [one]);
  await page.locator(".net-line a.button").waitFor();
  // The event stream may have told first that the sign-in has ended, while the photo was still being made ready.
  await until(async () => /1 Aufnahme bleibt/.test(await page.locator(".net-line").innerText()), "the line says that the photo stays");
  await look(page, "signed-out");
  await context.addCookies([cookieOf()]);
  await page.reload();
  await until(async () => (await scans()).length === before + 1, "it was sent after the new sign-in");
  await context.close();
});

/** A JPEG with a place in it, as phones write them. @param {Buffer} jpeg @returns {Buffer} */
function withPlace(jpeg) {
  const directory = "\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"; // turned by a quarter
  const notes = Buffer.from(`Exif\0\0MM\0*\0\0\0\x08${directory}GPSLatitude 48.137154`, "latin1");
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, notes.length + 2]), notes, jpeg.subarray(2)]);
}

test("the camera's notes stay on the phone", async () => {
  const { context, page } = await phone();
  await page.goto(config.base);
  const [one] = await pictures(page, 1, "Ort");
  one.buffer = withPlace(one.buffer);
  await page.waitForSelector(".capture-acts");
  const known = new Set((await scans()).map((scan) => scan.id));
  await take(page, [one]);
  const scan = await until(async () => (await scans()).find((other) => !known.has(other.id)), "it is there");
  const answer = await fetch(`${config.base}/v1/scans/${scan.id}/image`, { headers: { Cookie: config.cookie } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.ok(bytes.length > 1000 && one.buffer.includes("GPSLatitude"));
  assert.ok(!bytes.includes("GPSLatitude"));
  const picture = (/** @type {Buffer} */ jpeg) => jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])));
  assert.ok(picture(bytes).equals(picture(one.buffer)), "the picture is the same to the bit");
  assert.equal(bytes[bytes.indexOf("Exif") + 25], 6, "and it still says which side is up");
  await context.close();
});

test("the live camera: two shots in a series, and what it saw is read", async () => {
  const { context, page } = await phone({ film: true });
  await page.goto(config.base);
  await page.click(".capture-acts .huge");
  await page.locator(".camera .shutter:enabled").waitFor();
  await until(async () => /Gut so/.test(await page.locator(".camera-hint").innerText()), "the picture is found good");
  assert.deepEqual([await axe(page), await missingWords(page), await sideways(page)], [[], [], []]);
  await look(page, "camera");
  await page.click(".shutter");
  await page.keyboard.press("Space"); // the focus stays with the shutter
  await page.locator(".camera-acts small").filter({ hasText: "2 in dieser Serie" }).waitFor();
  await page.locator(".camera-acts > button:last-child").click();
  const [card] = config.cards.slice(-1);
  const contact = await matched(card);
  assert.equal(contact.contact.family_name, card.contact.family_name);
  await context.close();
});
