// A phone with a disk of its own, so that its browser can die and come back; its camera, its queue, and what lies on its disk.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";
import { browser, call, config } from "./kartei.mjs";

export const HOME = fs.mkdtempSync(path.join(os.tmpdir(), "kartei-phone-"));
const SHOTS = process.env.KARTEI_SHOTS; // a folder for pictures to look at
before(() => call("PATCH", "/v1/session", { language: "de", theme: "system" }));
afterEach(kill); // a test that failed leaves its browser, and HOME is open to one at a time
after(async () => {
  kill();
  await browser.close();
  fs.rmSync(HOME, { recursive: true, force: true });
});

/** The browser of HOME and all its children die at once. */
export function kill() {
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(HOME)) process.kill(Number(pid), "SIGKILL");
    } catch { /* it was gone before */ }
  }
}

export const cookieOf = () => {
  const [name, ...value] = config.cookie.split("=");
  return { name, value: value.join("="), url: config.base, secure: true, httpOnly: true, sameSite: /** @type {const} */ ("Lax"), expires: Date.now() / 1000 + 3600 };
};

/** @param {{offline?: boolean, film?: boolean | string, dim?: boolean, refuse?: boolean}} [wish] film: what the camera sees (a file, or the usual one), dim: in the dusk; refuse: it may not be used */
export async function phone({ offline = false, film = false, dim = false, refuse = false } = {}) {
  const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${dim ? config.dim : typeof film === "string" ? film : config.film}`];
  const context = await chromium.launchPersistentContext(HOME, {
    executablePath: config.chromium, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: "reduce", ignoreHTTPSErrors: true,
    args: ["--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", ...(film ? camera : []), ...(refuse ? ["--deny-permission-prompts", "--use-fake-device-for-media-stream"] : [])],
  });
  await context.addCookies([cookieOf()]); // a killed browser may have lost it: it writes cookies down late
  if (offline) await context.setOffline(true);
  const page = context.pages()[0] || (await context.newPage());
  page.setDefaultTimeout(45000);
  return { context, page };
}

/** So many different pictures without a card. @param {import("playwright-core").Page} page @param {number} n @param {string} word @returns {Promise<{name: string, mimeType: string, buffer: Buffer}[]>} */
export async function pictures(page, n, word) {
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
export const take = (page, files) => page.setInputFiles("[data-test=gallery]", files);
/** @param {import("playwright-core").Page} page */
export const safe = (page) => page.locator(".queue-row").filter({ hasText: "Auf diesem Gerät gesichert" });
export const scans = async () => (await call("GET", "/v1/scans?limit=200")).items;
/** @param {import("playwright-core").Page} page @param {string} name */
export const look = (page, name) => SHOTS && page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
/** Files of the browser's storage in which these bytes stand. @param {string} bytes @param {string} folder @returns {string[]} */
export const found = (bytes, folder) => fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
  const file = path.join(folder, name);
  try {
    return fs.statSync(file).isFile() && fs.readFileSync(file).includes(bytes);
  } catch {
    return false; // the browser has taken it away meanwhile
  }
});
