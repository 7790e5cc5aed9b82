import fs from "node:fs";
import { browser, call, config, open } from "./kartei.mjs";
import { axe, missingWords, sideways, tooSmall } from "./judge.mjs";
const out = "/tmp/proof-shots"; fs.mkdirSync(out, { recursive: true });
await call("PATCH", "/v1/session", { language: "de", theme: "system" });
const pages = [["overview", "/app/overview", ".tiles li"], ["firewall", "/proof/firewall", "main table"], ["privacy", "/proof/privacy", "main table"], ["inventory", "/proof/inventory", "main table"],
  ["changes", "/proof/changes", "main table"], ["components", "/proof/components", "main section"], ["proof", "/proof", "main dl"]];
for (const theme of ["light", "dark"]) for (const width of [1280, 390]) {
  const tab = await open({ theme, width });
  for (const [name, path, ready] of pages) {
    if (theme === "dark" && !["overview", "firewall"].includes(name)) continue;
    await tab.go(path); await tab.page.locator(ready).first().waitFor(); await tab.page.waitForTimeout(400);
    await tab.page.screenshot({ path: `${out}/${name}-${width}-${theme}.png`, fullPage: name !== "inventory" });
    console.log(name, width, theme, JSON.stringify([await axe(tab.page), await missingWords(tab.page), await sideways(tab.page), await tooSmall(tab.page)]));
  }
  if (theme === "light") { await tab.go("/app/overview"); await tab.page.locator(".warnings button").first().click(); await tab.page.waitForSelector("dialog[open] input[type=date]"); await tab.page.screenshot({ path: `${out}/putoff-${width}.png` });
    console.log("putoff", JSON.stringify([await axe(tab.page), await sideways(tab.page)])); }
  console.log(JSON.stringify(tab.seen.csp), JSON.stringify(tab.seen.broken));
  await tab.close();
}
const tab = await open({});
for (const name of ["firewall", "privacy"]) { await tab.go(`/proof/${name}`); await tab.page.pdf({ path: `${out}/${name}.pdf`, format: "A4", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } }); }
await browser.close();
