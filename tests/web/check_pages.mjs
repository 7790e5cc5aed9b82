// check_pages.mjs DIST: judges web/, and DIST which is built from it, by judge.mjs; what the service may say comes from the sources of the service.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { judgeBareWords, judgeIcons, judgeKeys, judgeLanguages, judgeParts, judgeTypes, readPages } from "./judge.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, "../..");

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
/** First group of every match. @param {string} file @param {RegExp} pattern */
function all(file, pattern) {
  const found = [...new Set([...read(file).matchAll(pattern)].map((one) => one[1]))];
  if (!found.length) throw new Error(`${file}: nothing looks like ${pattern}`);
  return found;
}
/** Words of a `const char *const name[] = {"a", "b", NULL}`. @param {string} file @param {string} name */
const words = (file, name) => [...all(file, new RegExp(`${name}\\[\\]\\s*=\\s*\\{([^}]*)\\}`, "g"))[0].matchAll(/"(\w+)"/g)].map((one) => one[1]);
/** @param {string} machine */
const states = (machine) => all("flow/states.def", new RegExp(`^STATE\\(${machine}, (\\w+)\\)`, "gm"));
/** Keys that the connectors give to the pages. @param {RegExp} pattern */
const given = (pattern) => fs.readdirSync(path.join(root, "crm-connectors"), { recursive: true, encoding: "utf8" }).filter((name) => /\.[ch]$/.test(name))
  .flatMap((name) => [...read(path.join("crm-connectors", name)).matchAll(pattern)].map((one) => one[1]));

const fields = all("contact/fields.def", /^X\((\w+)/gm);
const reversals = [...new Set(given(/"(reversal\.[\w.]+)"/g))];
/** What the service may put in place of "*". */
const known = {
  "field.*": fields,
  "link.*": all("dedupe/model.c", /^#define FIELD_\w+\s+"(\w+)"/gm),
  "advice.*": [...words("ocr/image/quality.c", "ocr_advice_words"), "cut"],
  "verdict.*": words("flow/shape/contact_shape.c", "flow_verdict_words"),
  "group.*": words("flow/shape/review_shape.c", "flow_group_words"),
  "health.*": words("flow/shape/connect_shape.c", "flow_health_words"),
  "role.*": words("flow/shape/people_shape.c", "flow_role_words"),
  "sso.kind.*": words("flow/shape/oidc_shape.c", "flow_provider_kinds"),
  "sso.state.*": words("flow/shape/oidc_shape.c", "flow_provider_states"),
  "warning.level.*": words("flow/proof/warnings.c", "flow_warning_levels"),
  "write_back.*": states("write_back"),
  "state.*": states("contact"),
  "quick.where.*": ["top", "middle", "bottom"].flatMap((row) => ["left", "middle", "right"].map((column) => `${row}_${column}`)),
  "camera.hint.*": ["dark", "glare", "blur", "empty", "good"],
  "queue.*": [...states("scan"), "waiting", "sending", "refused"],
  "why_rule.*": all("flow/merge/plan.c", /^#define WHY_\w+\s+"([\w-]+)"/gm),
  "audit.by.*": ["session", "address", "user", "record", "token", "grant"],
  "subject.by.*": words("flow/subject/find.c", "by_words"),
  "alert.*": [...all("flow/audit/alerts.def", /^X\((\w+)/gm)],
  "*label_key*": [...new Set(given(/"((?:connector|mailbox\.form)\.[\w.]+)"/g))],
  "*hint_key*": [...new Set(given(/"(mailbox\.hint\.\w+)"/g))],
  "mailbox.*.about": ["mailbox.c", "graph.c"].flatMap((name) => all(`crm-connectors/mailbox/${name}`, /\.kind = "(\w+)"/g)),
  "*reason_key*": [...new Set(given(/"(scope\.[\w.]+)"/g))],
  "*undo_create_key*": reversals,
  "*undo_update_key*": reversals,
  "*reversal*": reversals,
};

const config = ts.readConfigFile(path.join(here, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, here);
const pages = readPages(path.join(root, "web"), options);
/** @param {string} language @returns {Record<string, Record<string, any>>} */
const partsOf = (language) => {
  const folder = path.join(process.argv[2], "locales", language);
  return Object.fromEntries(fs.readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => [path.basename(name, ".json"), JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"))]));
};
const parts = Object.keys(pages.words).flatMap((language) => judgeParts(pages, known, partsOf(language)));
const verdicts = { types: judgeTypes(pages), keys: judgeKeys(pages, known), parts, languages: judgeLanguages(pages.words), words: judgeBareWords(pages), icons: judgeIcons(pages) };
for (const [what, faults] of Object.entries(verdicts)) faults.forEach((fault) => console.log(`${what}: ${fault}`));
const count = Object.values(verdicts).flat().length;
console.log(`${pages.files.length} modules, ${Object.keys(pages.words.de).length} texts in ${Object.keys(pages.words).length} languages: ${count} faults`);
process.exit(count ? 1 : 0);
