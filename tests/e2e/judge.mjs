// Judges of a page as it stands: accessibility by axe-core, words that are missing, sideways scrolling. No finding, no fault.
import { createRequire } from "node:module";
import fs from "node:fs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/** @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export async function axe(page) {
  if (!(await page.evaluate("!!globalThis.axe"))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    const found = (await globalThis.axe.run(document, { ...rules, resultTypes: ["violations"] })).violations;
    const [x, y] = [scrollX, scrollY];
    for (const small of found.filter((one) => one.id === "target-size")) {
      const kept = [];
      for (const node of small.nodes) { // what a bar lay over is looked at again where it lies free
        document.querySelector(node.target[0])?.scrollIntoView({ block: "center" });
        const again = await globalThis.axe.run(document, { runOnly: { type: "rule", values: ["target-size"] }, resultTypes: ["violations"] });
        if (again.violations.some((one) => one.nodes.some((other) => other.target[0] === node.target[0]))) kept.push(node);
      }
      small.nodes = kept;
    }
    scrollTo(x, y);
    return found.filter((one) => one.nodes.length);
  }, RULES);
  return violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any.concat(node.all)[0]?.message || ""}`).join(" | ")}`);
}

/** Keys that stand where words should: "[merge.title]", also in what only screen readers get. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export const missingWords = (page) => page.evaluate(() => {
  const said = [document.title, document.body.innerText, ...[...document.querySelectorAll("*")].flatMap((one) => ["aria-label", "alt", "title", "placeholder"].map((name) => one.getAttribute(name) || ""))];
  return [...new Set(said.flatMap((text) => text.match(/\[[a-z_]+(\.[\w-]+)+\]|\{\w+\}|\bundefined\b/g) || []))];
});

/** How far the page can be scrolled sideways, in pixels, and what sticks out. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export const sideways = (page) => page.evaluate(() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
  return [`${root.scrollWidth} > ${root.clientWidth} px: ${out.slice(-3).map((one) => one.outerHTML.slice(0, 100)).join(" | ")}`];
});

/** Buttons and links that fingers miss: below 44 px where they stand alone. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export const tooSmall = (page) => page.evaluate(() => [...document.querySelectorAll("button:not(.link):not(.snippet-button):not(.chip), a.button, .choice label, select, input:not([type=checkbox], [type=radio], [type=file])")]
  .filter((one) => { const box = one.getBoundingClientRect(); return box.width > 0 && box.height > 0 && box.height < 43.5; })
  .map((one) => `${Math.round(one.getBoundingClientRect().height)} px: ${one.outerHTML.slice(0, 120)}`));
