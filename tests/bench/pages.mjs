// How fast the pages are, by hand: tests/e2e/run_e2e.py ../bench/pages.mjs. A cold cache behind DevTools' 4G (9 Mbit/s, 60 ms), the same
// phone once more, then an inbox of KARTEI_BENCH_ITEMS contacts (10,000; none: the start screen only), and what a key costs until the
// next picture (Event Timing, worst of all); what the longest lane weighs when it is scrolled to its end.
import { chromium } from "../e2e/node_modules/playwright-core/index.mjs";
import { browser, call, config, open, until } from "../e2e/kartei.mjs";

const ITEMS = Number(process.env.KARTEI_BENCH_ITEMS ?? 10000);
const FAST_4G = { offline: false, latency: 60, downloadThroughput: (9e6 / 8) * 0.9, uploadThroughput: (1.5e6 / 8) * 0.9 };

/** @param {string} path @param {string} ready @param {number} width */
async function cold(path, ready, width) {
  const { page, context, go, close } = await open({ width, phone: width < 700 });
  const tools = await context.newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await tools.send("Network.emulateNetworkConditions", FAST_4G);
  let bytes = 0;
  tools.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  const begun = Date.now();
  await go(path);
  await page.locator(ready).first().waitFor();
  const usable = Date.now() - begun;
  const until_usable = bytes;
  await page.waitForTimeout(1500);
  console.log(`cold ${path} at ${width}: usable after ${usable} ms, ${Math.round(until_usable / 1000)} kB sent until then, ${Math.round(bytes / 1000)} kB in all`);
  await close();
}

/** A phone that was here before: its worker has kept the files. The browser takes our certificate, or there would be no worker. @param {string} path @param {string} ready */
async function again(path, ready) {
  const phone = await chromium.launch({ executablePath: config.chromium, args: ["--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"] });
  const context = await phone.newContext({ ignoreHTTPSErrors: true, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const [name, ...value] = config.cookie.split("=");
  await context.addCookies([{ name, value: value.join("="), url: config.base, secure: true, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  await page.goto(config.base + path);
  await page.locator(ready).first().waitFor();
  const kept = Date.now();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  console.log(`all files are on the phone ${Date.now() - kept} ms after its first screen`);
  const tools = await context.newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.emulateNetworkConditions", FAST_4G);
  const begun = Date.now();
  await page.reload();
  await page.locator(ready).first().waitFor();
  console.log(`again ${path} at 390: usable after ${Date.now() - begun} ms`);
  console.log(`slowest key on the start screen: ${await slowest(page, ["?", "Escape", "?", "Escape", "Tab", "Tab"])} ms to the next picture`);
  await phone.close();
}

/** The slowest answer to a key, in ms, by Event Timing. @param {import("playwright-core").Page} page @param {string[]} keys */
async function slowest(page, keys) {
  await page.evaluate(() => {
    globalThis.__slow = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) globalThis.__slow = Math.max(globalThis.__slow, one.duration); }).observe({ type: "event", durationThreshold: 16, buffered: false });
  });
  for (const key of keys) { await page.keyboard.press(key); await page.waitForTimeout(120); }
  return page.evaluate(() => globalThis.__slow);
}

async function fill() {
  const rest = Array.from({ length: ITEMS }, (_, i) => i);
  const hand = async () => {
    for (let i = rest.pop(); i !== undefined; i = rest.pop()) {
      const one = config.crowd[i % config.crowd.length];
      const contact = i < config.crowd.length ? one : { ...one, given_name: `${one.given_name}${i}`, emails: [{ value: `p${i}@bench.example`, kind: "work" }], phones: [], urls: [] };
      await call("POST", "/v1/contacts", { contact });
    }
  };
  await Promise.all(Array.from({ length: 6 }, hand));
  await until(async () => (await call("GET", "/v1/inbox/lanes")).items.reduce((sum, one) => sum + one.n, 0) >= ITEMS, "all are compared", 3600);
}

/** What the page holds: rows and elements that stand in it, nodes and memory as DevTools count them after a collection. @param {import("playwright-core").Page} page */
async function weight(page) {
  const tools = await page.context().newCDPSession(page);
  await tools.send("HeapProfiler.collectGarbage");
  await tools.send("Performance.enable");
  const { metrics } = await tools.send("Performance.getMetrics");
  const of = (/** @type {string} */ name) => metrics.find((one) => one.name === name)?.value || 0;
  await tools.detach();
  const [rows, elements] = await page.evaluate(() => [document.querySelectorAll(".inbox-row").length, document.querySelectorAll("*").length]);
  return `${rows} rows, ${elements} elements, ${of("Nodes")} nodes, ${(of("JSHeapUsedSize") / 1e6).toFixed(1)} MB of JavaScript`;
}

/** By the wheel to the end of a lane, as its pages come. @param {import("playwright-core").Page} page @param {number} n */
async function toTheEnd(page, n) {
  console.log(`at the head of ${n} rows: ${await weight(page)}`);
  const began = Date.now();
  for (let still = 0, last = -1; still < 25;) {
    await page.mouse.wheel(0, 20000);
    await page.waitForTimeout(60);
    const height = await page.evaluate(() => scrollY + document.documentElement.scrollHeight);
    still = height === last ? still + 1 : 0;
    last = height;
  }
  console.log(`at the end after ${Math.round((Date.now() - began) / 1000)} s: ${await weight(page)}`);
  await page.locator(".inbox-row a").last().focus();
  console.log(`slowest key at the end: ${await slowest(page, ["k", "k", "x", "Shift+K", "j", "x"])} ms to the next picture`);
}

async function inbox() {
  await cold("/app/inbox", ".inbox .lanes, .inbox .empty", 1280);
  const began = Date.now();
  await fill();
  console.log(`${ITEMS} contacts in the inbox after ${Math.round((Date.now() - began) / 1000)} s`);
  const timed = async (path) => { const begun = performance.now(); await call("GET", path); return Math.round(performance.now() - begun); };
  for (const path of ["/v1/inbox/lanes", "/v1/inbox?lane=exists&limit=50", "/v1/inbox?lane=new&limit=50", "/v1/inbox?lane=possible&limit=50", "/v1/inbox?lane=new&days=1&limit=50"]) {
    const runs = [];
    for (let i = 0; i < 7; i++) runs.push(await timed(path));
    console.log(`${path}: ${runs.sort((a, b) => a - b)[3]} ms (median of 7)`);
  }
  const desk = await open();
  await desk.go("/app/inbox");
  await desk.page.locator(".inbox-row").first().waitFor();
  const lanes = await desk.page.locator(".lane .count").allInnerTexts();
  const longest = lanes.map(Number).indexOf(Math.max(...lanes.map(Number)));
  await desk.page.locator(".lane").nth(longest).click();
  await desk.page.waitForTimeout(1500);
  await desk.page.mouse.move(640, 600);
  await toTheEnd(desk.page, Number(lanes[longest]));
  await desk.page.evaluate(() => scrollTo(0, 0));
  await desk.page.waitForTimeout(500);
  console.log(`slowest key in the inbox: ${await slowest(desk.page, ["j", "j", "j", "k", "x", "Shift+J", "Shift+J", "]", "[", "f", "Escape"])} ms to the next picture`);
  await desk.page.locator(".inbox-row a").first().click();
  await desk.page.waitForSelector(".merge-row");
  console.log(`slowest key in the merge view: ${await slowest(desk.page, ["ArrowDown", "ArrowDown", "1", "2", "r", "w", "w", "Shift+1", "Shift+2"])} ms to the next picture`);
}

for (let i = 0; i < 3; i++) await cold("/", ".capture-acts button", 390);
await again("/", ".capture-acts button");
if (ITEMS) await inbox();
await browser.close();
