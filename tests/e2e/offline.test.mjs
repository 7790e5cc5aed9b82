// A fair without a network: what is taken stays on the phone, sealed, survives kill -9 and an expired sign-in, and reaches the
// service exactly once.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { axe, missingWords, sideways } from "./judge.mjs";
import { config, matched, until } from "./kartei.mjs";
import { HOME, cookieOf, found, kill, look, phone, pictures, safe, scans, take } from "./phone.mjs";

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
