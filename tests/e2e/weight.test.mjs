// The weight of the phone's first screen: every byte that the service sends a phone that was never here, until the screen is whole.
// Bytes and not time: on a busy machine time says nothing. tests/bench/pages.mjs measures that.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { browser, open } from "./kartei.mjs";

const MOST = 100 * 1000; // bytes of answers, their headers among them

after(() => browser.close());

/** What a cold cache is sent, by address. @param {string} path @param {string} ready */
async function sent(path, ready) {
  const { page, context, go, close } = await open({ width: 390, phone: true });
  const tools = await context.newCDPSession(page);
  /** @type {Map<string, {url: string, bytes: number}>} */
  const answers = new Map();
  tools.on("Network.responseReceived", ({ requestId, response }) => answers.set(requestId, { url: new URL(response.url).pathname, bytes: 0 }));
  tools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => { const one = answers.get(requestId); if (one) one.bytes += encodedDataLength; });
  await tools.send("Network.enable");
  await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await go(path);
  await page.locator(ready).first().waitFor();
  await page.waitForTimeout(2000);
  await close();
  return [...answers.values()];
}

test("the phone's first screen is light", async () => {
  const answers = await sent("/", ".capture-acts button");
  const bytes = answers.reduce((sum, one) => sum + one.bytes, 0);
  if (process.env.KARTEI_WEIGHT) for (const one of answers.sort((a, b) => a.bytes - b.bytes)) console.log(`# ${one.bytes} ${one.url}`);
  console.log(`# ${answers.length} answers, ${bytes} bytes`);
  assert.ok(bytes < MOST, `${bytes} bytes, ${MOST} are allowed`);
});
