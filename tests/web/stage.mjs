// What the pages' modules expect of a browser, as far as their tests need it; the modules come from the built pages.
import { File } from "node:buffer";
import { webcrypto } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// Every browser has these; Node 18 of Debian 12 keeps them in modules.
globalThis.File ??= File;
globalThis.crypto ??= webcrypto;
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true }); // no storage, no locks: a browser that keeps nothing

const dist = process.env.KARTEI_PAGES || path.join(path.dirname(fileURLToPath(import.meta.url)), "../../build/web/dist");
const kept = new Map();

/** Where the page thinks it is. */
export const here = { pathname: "/app/inbox", search: "", origin: "https://kartei.example", assigned: /** @type {string[]} */ ([]), assign(/** @type {string} */ to) { this.assigned.push(to); } };
/** Answers of the service: what fetch is asked ends up here. @type {{answer: (path: string, init: RequestInit) => Response | Promise<Response>}} */
export const service = { answer: () => new Response(null, { status: 404 }) };

Object.assign(globalThis, {
  location: here,
  history: { pushState() {}, replaceState() {} },
  document: { documentElement: { lang: "", dataset: {} }, addEventListener() {}, visibilityState: "visible" },
  localStorage: { getItem: (/** @type {string} */ key) => kept.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value), removeItem: (/** @type {string} */ key) => kept.delete(key) },
  addEventListener() {},
  scrollTo() {},
  fetch: async (/** @type {string | URL} */ address, /** @type {RequestInit} */ init) =>
    String(address).startsWith("file:") ? new Response(await fs.readFile(fileURLToPath(address))) : service.answer(String(address), init),
});

/** A module of the built pages. @param {string} name "js/fields.js" @returns {Promise<any>} */
export const page = (name) => import(pathToFileURL(path.join(dist, "js", name)).href);

/** @param {number} status @param {unknown} [value] */
export const json = (status, value) => new Response(JSON.stringify(value ?? null), { status, headers: { "Content-Type": status < 400 ? "application/json" : "application/problem+json" } });
