// Judges the pages without a browser: types by tsc, and words: every text of a page comes from the catalogues, none is missing,
// none is left over, and both languages say the same. What is found comes as sentences; no sentence, no fault.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

/** @typedef {{root: string, program: ts.Program, files: ts.SourceFile[], words: Record<string, Record<string, any>>}} Pages */

const LETTER = /\p{L}/u;
const SPOKEN = new Set(["label", "text", "title", "detail", "hint", "legend"]); // members that people read
const SPOKEN_ATTRIBUTES = /^(aria-label|aria-description|title|alt|placeholder|label|legend|hint|text)$/;
/** What gives words, and whether it only asks for them: textOr() does, of keys that nobody knows. @type {Record<string, boolean[]>} */
const WORDS = { t: [false], textOr: [true, false] };
const NAMES = new Set(["Kartei", "Esc"]); // the same in every language

/** @param {string} folder @returns {string[]} */
const scripts = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? scripts(path.join(folder, entry.name)) : entry.name.endsWith(".js") ? [path.join(folder, entry.name)] : []);

/** @param {string} root the folder with js/ and locales/ @param {ts.CompilerOptions} options @returns {Pages} */
export function readPages(root, options) {
  const found = scripts(path.join(root, "js"));
  const program = ts.createProgram(found, options);
  const files = program.getSourceFiles().filter((file) => found.includes(path.resolve(file.fileName)));
  const words = Object.fromEntries(fs.readdirSync(path.join(root, "locales")).filter((name) => name.endsWith(".json"))
    .map((name) => [path.basename(name, ".json"), JSON.parse(fs.readFileSync(path.join(root, "locales", name), "utf8"))]));
  return { root, program, files, words };
}

/** @param {Pages} pages @param {ts.Node} node */
function place(pages, node) {
  const file = node.getSourceFile();
  return `${path.relative(pages.root, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** What tsc says. @param {Pages} pages @returns {string[]} */
export function judgeTypes(pages) {
  return ts.getPreEmitDiagnostics(pages.program).map((one) => {
    const at = one.file && one.start !== undefined ? `${path.relative(pages.root, one.file.fileName)}:${one.file.getLineAndCharacterOfPosition(one.start).line + 1}: ` : "";
    return at + ts.flattenDiagnosticMessageText(one.messageText, " ");
  });
}

/** @param {ts.Node} node @param {(node: ts.Node) => void} see */
function walk(node, see) {
  see(node);
  ts.forEachChild(node, (child) => walk(child, see));
}

// ---- Which keys are used ----

/** Every value that an expression can have, or null. @param {ts.TypeChecker} checker @param {ts.Expression} node @returns {string[] | null} */
function valuesOf(checker, node) {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  const parts = type.isUnion() ? type.types : [type];
  return parts.length && parts.every((one) => one.isStringLiteral()) ? parts.map((one) => /** @type {ts.StringLiteralType} */ (one).value) : null;
}

/** @param {string[]} heads @param {string[]} tails */
const crossed = (heads, tails) => heads.flatMap((head) => tails.map((tail) => head + tail));

/**
 * The keys that an argument can be; one whose values nobody knows has "*" in their place.
 * @param {ts.TypeChecker} checker @param {ts.Expression} node @returns {string[]}
 */
function keysOf(checker, node) {
  if (ts.isParenthesizedExpression(node)) return keysOf(checker, node.expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...keysOf(checker, node.whenTrue), ...keysOf(checker, node.whenFalse)];
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce((heads, span) => crossed(crossed(heads, valuesOf(checker, span.expression) || ["*"]), [span.literal.text]), [node.head.text]);
  return valuesOf(checker, node) || [ts.isPropertyAccessExpression(node) ? `*${node.name.text}*` : "*"];
}

/** @typedef {{key: string, at: string, values: string[] | null, asks: boolean}} Use of a key: with which values, or only asking whether it is there */

/** @param {Pages} pages @returns {Use[]} */
function usesOf(pages) {
  const checker = pages.program.getTypeChecker();
  /** @type {Use[]} */
  const uses = [];
  for (const file of pages.files) {
    walk(file, (node) => {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || !Object.hasOwn(WORDS, node.expression.text) || !node.arguments.length) return;
      const given = node.arguments[1];
      const plain = !given || (ts.isObjectLiteralExpression(given) && given.properties.every((one) => one.name));
      const values = node.expression.text === "textOr" ? [] : !plain ? null : given ? /** @type {ts.ObjectLiteralExpression} */ (given).properties.map((one) => one.name?.getText() || "") : [];
      for (const key of keysOf(checker, node.arguments[0])) for (const asks of WORDS[node.expression.text]) uses.push({ key, at: place(pages, node), values, asks });
    });
  }
  return uses;
}

/** @param {any} value @returns {string[]} every variant */
const variants = (value) => (typeof value === "string" ? [value] : Object.values(value));
/** @param {any} value @returns {Set<string>} */
const holes = (value) => new Set(variants(value).flatMap((text) => [...String(text).matchAll(/\{(\w+)\}/g)].map((found) => found[1])));

/** @param {string} pattern "lane.*" */
const matcher = (pattern) => new RegExp(`^${pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\w.-]+")}$`);

/** A key with what the service may put in place of "*". @param {string} key @param {Record<string, string[]>} known @returns {string[]} */
const spelled = (key, known) => (key.includes("*") && known[key] ? known[key].map((value) => (key.startsWith("*") ? value : key.replace("*", value))) : [key]);

/**
 * Keys that are missing, left over or used without the values their text needs.
 * @param {Pages} pages @param {Record<string, string[]>} known what "*" in a key stands for, by the key: "field.*", "*label_key*"
 */
export function judgeKeys(pages, known) {
  const [first] = Object.values(pages.words);
  const uses = usesOf(pages);
  const optional = uses.filter((use) => use.asks && use.key.includes("*")).map((use) => use.key);
  /** @type {string[]} */
  const faults = [];
  /** @type {Set<string>} */
  const used = new Set();
  for (const use of uses) {
    for (const key of spelled(use.key, known)) {
      if (!key.includes("*")) faults.push(...faultsOf(first, { ...use, key }));
      else if (!optional.includes(key)) faults.push(`${use.at}: nobody knows which keys ${key} stands for`);
      if (key.includes("*")) Object.keys(first).filter((one) => matcher(key).test(one)).forEach((one) => used.add(one));
      else used.add(key);
    }
  }
  return [...new Set(faults), ...Object.keys(first).filter((key) => !used.has(key)).map((key) => `${key}: in the catalogues, but nowhere used`)];
}

/** @param {Record<string, any>} words @param {Use} use @returns {string[]} */
function faultsOf(words, use) {
  if (words[use.key] === undefined) return use.asks ? [] : [`${use.at}: ${use.key} is missing in the catalogues`];
  if (use.asks || use.values === null) return [];
  const lacking = [...holes(words[use.key])].filter((name) => !use.values?.includes(name));
  return lacking.map((name) => `${use.at}: ${use.key} needs a value for {${name}}`);
}

// ---- Parts of the catalogues: what a screen says comes with it ----

/** The modules that come with some of them, at once or when they are wanted. @param {Pages} pages @param {string[]} roots paths below js/ @returns {Set<string>} */
function closure(pages, roots) {
  const byName = new Map(pages.files.map((file) => [path.relative(path.join(pages.root, "js"), file.fileName), file]));
  const found = new Set(roots);
  for (const name of found) {
    for (const statement of byName.get(name)?.statements || []) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : "";
      if (from.startsWith(".")) found.add(path.join(path.dirname(name), from));
    }
    const file = name === "routes.js" ? undefined : byName.get(name); // other screens have parts of their own
    if (file) walk(file, (node) => {
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(node.arguments[0])) found.add(path.join(path.dirname(name), node.arguments[0].text));
    });
  }
  return found;
}

/** The screens of every part by js/routes.js: the module that a row imports, under the row's part. @param {Pages} pages @returns {Map<string, string[]>} */
function screensOf(pages) {
  const routes = pages.files.find((file) => file.fileName.endsWith("/routes.js"));
  const found = new Map([["first", ["main.js"]]]);
  if (routes) walk(routes, (node) => {
    if (!ts.isObjectLiteralExpression(node)) return;
    const part = node.properties.find((one) => one.name?.getText() === "part");
    if (!part || !ts.isPropertyAssignment(part) || !ts.isStringLiteral(part.initializer)) return;
    const name = part.initializer.text;
    walk(node, (inner) => {
      if (ts.isCallExpression(inner) && inner.expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(inner.arguments[0])) found.set(name, [...(found.get(name) || []), path.normalize(inner.arguments[0].text)]);
    });
  });
  return found;
}

/**
 * Keys that a screen may ask for and that neither the part of its row nor the first part has.
 * @param {Pages} pages @param {Record<string, string[]>} known @param {Record<string, Record<string, any>>} parts as they are served
 */
export function judgeParts(pages, known, parts) {
  const all = Object.keys(Object.values(pages.words)[0]);
  const uses = usesOf(pages);
  /** @type {Set<string>} */
  const faults = new Set();
  for (const [part, screens] of screensOf(pages)) {
    const modules = closure(pages, screens);
    for (const use of uses.filter((one) => modules.has(one.at.replace(/^js\/|:\d+$/g, "")))) {
      const keys = spelled(use.key, known).flatMap((key) => (key.includes("*") ? all.filter((one) => matcher(key).test(one)) : all.includes(key) ? [key] : []));
      for (const key of keys) if (parts[part]?.[key] === undefined && parts.first[key] === undefined) faults.add(`${use.at}: ${key} does not come with the part ${part}`);
    }
  }
  return [...faults];
}

/** Whether the languages have the same keys, holes and variants. @param {Pages["words"]} words @returns {string[]} */
export function judgeLanguages(words) {
  const [[one, ours], ...others] = Object.entries(words);
  /** @type {string[]} */
  const faults = [];
  for (const [language, theirs] of others) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      if (ours[key] === undefined || theirs[key] === undefined) faults.push(`${key}: only in ${ours[key] === undefined ? language : one}`);
      else if ([...holes(ours[key])].sort().join() !== [...holes(theirs[key])].sort().join()) faults.push(`${key}: ${one} and ${language} name different values`);
    }
  }
  for (const [language, catalogue] of Object.entries(words)) {
    const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, value] of Object.entries(catalogue)) {
      if (typeof value !== "string" && plurals.some((form) => typeof value[form] !== "string")) faults.push(`${key}: ${language} lacks a variant of ${plurals.join(", ")}`);
      if (variants(value).some((text) => !String(text).trim())) faults.push(`${key}: empty in ${language}`);
    }
  }
  return faults;
}

// ---- Words that are not in the catalogues ----

/** @param {string} text */
const speaks = (text) => LETTER.test(text) && !NAMES.has(text.trim());

/** Text between tags, and attributes that people read. @param {string} markup with \0 in place of every hole @returns {string[]} */
export function bareWords(markup) {
  const outside = markup.replace(/<kbd[^>]*>[^<]*<\/kbd>/g, "").replace(/<(?:[^>"']|"[^"]*"|'[^']*')*>/g, "\0").split("\0").map((part) => part.trim());
  const attributes = [...markup.matchAll(/\s([\w-]+)="([^"\0]*)"/g)].filter(([, name]) => SPOKEN_ATTRIBUTES.test(name)).map(([, , value]) => value);
  return [...outside, ...attributes].filter(speaks);
}

/** @param {ts.TemplateLiteral} template */
const markupOf = (template) => (ts.isNoSubstitutionTemplateLiteral(template) ? template.text : [template.head.text, ...template.templateSpans.map((span) => span.literal.text)].join("\0"));

/** @param {Pages} pages @returns {string[]} */
export function judgeBareWords(pages) {
  /** @type {string[]} */
  const faults = [];
  for (const file of pages.files) {
    walk(file, (node) => {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "html") faults.push(...bareWords(markupOf(node.template)).map((text) => `${place(pages, node)}: “${text}” is not in the catalogues`));
      if (ts.isPropertyAssignment(node) && SPOKEN.has(node.name.getText()) && ts.isStringLiteralLike(node.initializer) && speaks(node.initializer.text)) faults.push(`${place(pages, node)}: “${node.initializer.text}” is not in the catalogues`);
    });
  }
  return faults;
}

// ---- Icons ----

/** Names of icons that a template asks for: `<${Icon} name="x" />`, also chosen by a condition, and `icon="x"` of other parts. @param {ts.TypeChecker} checker @param {ts.TemplateExpression} template */
function iconsOf(checker, template) {
  const literals = [template.head.text, ...template.templateSpans.map((span) => span.literal.text)];
  return template.templateSpans.flatMap(({ expression, literal }, i) => {
    const named = expression.getText() === "Icon" ? /^\s+name="([^"]+)"/.exec(literal.text) : null;
    const chosen = /\sicon=$/.test(literals[i]) || (/^\s+name=$/.test(literals[i]) && template.templateSpans[i - 1]?.expression.getText() === "Icon");
    return [...(named ? [named[1]] : []), ...(chosen ? keysOf(checker, expression) : []), ...[...literal.text.matchAll(/\sicon="([^"]+)"/g)].map((one) => one[1])];
  });
}

/** Icons that the sprite lacks. @param {Pages} pages @returns {string[]} */
export function judgeIcons(pages) {
  const checker = pages.program.getTypeChecker();
  const sprite = new Set([...fs.readFileSync(path.join(pages.root, "icons/sprite.svg"), "utf8").matchAll(/<symbol id="([^"]+)"/g)].map((one) => one[1]));
  /** @type {Map<string, string>} */
  const asked = new Map();
  for (const file of pages.files) {
    walk(file, (node) => {
      if (ts.isTaggedTemplateExpression(node) && ts.isTemplateExpression(node.template)) iconsOf(checker, node.template).forEach((name) => asked.set(name, place(pages, node)));
      if (ts.isPropertyAssignment(node) && node.name.getText() === "icon" && ts.isStringLiteral(node.initializer)) asked.set(node.initializer.text, place(pages, node));
    });
  }
  return [...asked].filter(([name]) => !name.includes("*") && !sprite.has(name)).map(([name, at]) => `${at}: the sprite has no icon ${name}`);
}
