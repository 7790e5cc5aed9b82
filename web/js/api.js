// The one place that fetches. Every answer is a value or a Problem with a title and a sentence for people.
import { t } from "./i18n.js";
import { net } from "./phone/net.js";

/** @typedef {{type: string, title: string, status: number, detail: string, errors?: {pointer: string, detail: string}[]}} ProblemBody */

export class Problem extends Error {
  /** @param {ProblemBody} body */
  constructor(body) {
    super(body.title);
    this.name = "Problem";
    this.title = body.title;
    this.detail = body.detail;
    this.status = body.status;
    this.slug = String(body.type || "").split("/").pop() || "";
    this.errors = body.errors || [];
  }
}

let csrf = "";

/** @param {string} token the session's key, sent with everything that changes something */
export function useCsrf(token) {
  csrf = token;
}

/** A fresh Idempotency-Key. Keep it for repetitions of the same intention. */
export function newKey() {
  return crypto.randomUUID();
}

/**
 * @typedef {object} Options
 * @property {number} [version] sent as If-Match
 * @property {string} [key] Idempotency-Key; POST makes one when it is missing
 * @property {BodyInit} [raw] body as it is, instead of JSON
 * @property {string} [type] its content type
 * @property {string} [digest] SHA-256 of a raw body in base64 (RFC 9530): the service takes just these bytes or nothing
 * @property {boolean} [stay] when the sign-in has expired: not to the sign-in page
 * @property {AbortSignal} [signal]
 */

/** @param {string} method @param {Options} options @param {unknown} body */
function requestOf(method, options, body) {
  const headers = new Headers({ Accept: "application/json, application/problem+json" });
  if (method !== "GET") headers.set("X-CSRF-Token", csrf);
  if (method === "POST") headers.set("Idempotency-Key", options.key || newKey());
  if (options.version !== undefined) headers.set("If-Match", `"v${options.version}"`);
  if (options.raw !== undefined) {
    if (options.type) headers.set("Content-Type", options.type);
    if (options.digest) headers.set("Content-Digest", `sha-256=:${options.digest}:`);
    return { method, headers, body: options.raw, signal: options.signal };
  }
  if (body === undefined) return { method, headers, signal: options.signal };
  headers.set("Content-Type", "application/json"); // also of PATCH: every address takes it
  return { method, headers, body: JSON.stringify(body), signal: options.signal };
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
async function send(method, path, body, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", redirect: "error", ...requestOf(method, options, body) });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    net.value = "off";
    throw new Problem({ type: "/problems/offline", title: t("offline.title"), status: 0, detail: t("offline.detail") });
  }
  net.value = response.status === 401 ? "out" : "on";
  const json = (response.headers.get("Content-Type") || "").includes("json");
  const value = json ? await response.json() : null;
  if (response.ok) return value;
  if (response.status === 401 && !options.stay) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  throw new Problem(value || { type: "", title: `HTTP ${response.status}`, status: response.status, detail: t("offline.answer") });
}

/** @param {Record<string, string>} values @returns {string} "?list=…" of those that are there */
function query(values) {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
  return text && `?${text}`;
}

export const api = {
  /** @param {string} path @param {Options} [options] */
  get: (path, options) => send("GET", path, undefined, options),
  /** @param {string} path @param {unknown} [body] @param {Options} [options] */
  post: (path, body, options) => send("POST", path, body, options),
  /** @param {string} path @param {unknown} body @param {number} [version] */
  patch: (path, body, version) => send("PATCH", path, body, version === undefined ? {} : { version }),
  /** One photo as it is, or a form with both sides of a card. @param {Blob} photo @param {{key: string, list: string, fair: string, digest: string}} how list: id, or "" for the user's first; fair: id or "" */
  upload: (photo, { key, list, fair, digest }) =>
    send("POST", `/v1/scans${query({ list, fair })}`, undefined, { key, digest, raw: photo, type: photo.type || "application/octet-stream", stay: true }),
  /** @param {string} path @param {number} [version] */
  remove: (path, version) => send("DELETE", path, undefined, version === undefined ? {} : { version }),
};

/**
 * Follows /v1/events; `heard` gets {type, id, state}, or {type: "reset"} when everything should be fetched again.
 * The browser reconnects by itself and sends Last-Event-ID.
 * @param {(event: {type: string, id?: string, state?: string}) => void} heard
 */
export function follow(heard) {
  const source = new EventSource("/v1/events");
  for (const type of ["scan", "contact", "write_back", "connection", "batch"]) {
    source.addEventListener(type, (event) => heard({ type, ...JSON.parse(/** @type {MessageEvent} */ (event).data) }));
  }
  source.addEventListener("reset", () => heard({ type: "reset" }));
  return { close: () => source.close(), broken: () => source.readyState !== EventSource.OPEN };
}
