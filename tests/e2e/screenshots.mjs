// The pictures of the README, from synthetic cards: run_e2e.py screenshots.mjs writes docs/images/.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { browser, call, config, matched, open, until, upload } from "./kartei.mjs";

const IMAGES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/images");

/** Someone who has another position and a further number: there is something of everything to see. */
const shown = config.cards.find((card) => card.changed.includes("job_title") && card.changed.includes("phones") && !card.changed.includes("organization")) || config.cards[0];

/** @param {import("playwright-core").Page} page @param {string} name */
async function shoot(page, name) {
  await until(async () => !(await page.locator(".snippet.waiting, .waiting-line").count()), "everything is drawn");
  await page.screenshot({ path: path.join(IMAGES, name) });
  console.log(`${name}: ${Math.round(fs.statSync(path.join(IMAGES, name)).size / 1000)} kB`);
}

fs.mkdirSync(IMAGES, { recursive: true });
await call("PATCH", "/v1/session", { language: "en", theme: "system" });
for (const card of config.cards.filter((one) => one !== shown).slice(0, 4)) await upload(card).then(() => matched(card));
await upload(shown);
const contact = await matched(shown);

const wide = await open();
await wide.page.setViewportSize({ width: 1280, height: 1120 });
await wide.go("/app/inbox");
await wide.page.locator(`[data-contact="${contact.id}"] .reasons`).waitFor();
await wide.page.click(`[data-contact="${contact.id}"] > a`);
await wide.page.waitForSelector(".merge-row .snippet:not(.waiting)");
await wide.page.mouse.move(0, 0);
await shoot(wide.page, "merge-view.png");

const phone = await open({ width: 390, phone: true });
await phone.go("/");
await phone.page.waitForSelector(".capture .rows a");
await phone.page.waitForTimeout(1500); // thumbnails
await shoot(phone.page, "capture-phone.png");
await browser.close();
