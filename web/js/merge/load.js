// What the merge view is made of: the card's contact, the comparison with the record as it is now, the candidates.
import { api } from "../api.js";
import { clashesOf } from "../merge_state.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../types.js").Candidate} Candidate */
/** @typedef {import("../types.js").WriteBack} WriteBack */
/** @typedef {{contact: Contact, review: Review, candidates: Candidate[], clash: import("../merge_state.js").Clash[] | null, choices: import("../merge_state.js").Choices}} Loaded */
/** @typedef {{connection?: string | null, record?: string | null, create?: string | null}} Wanted which record; the best candidate when nothing is said */

/** @param {string} id @param {Wanted} wanted @returns {Promise<Review>} */
export function fetchReview(id, wanted) {
  const given = Object.entries(wanted).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return api.get(`/v1/contacts/${id}/review${given.length ? `?${new URLSearchParams(given)}` : ""}`);
}

/** The record that a write-back met. @param {WriteBack} before @param {Candidate[]} candidates @returns {Wanted} */
function wantedAgain(before, candidates) {
  const connection = before.connection.id;
  if (before.action === "create") return { connection, create: "true" };
  return { connection, record: candidates.find((one) => one.connection.id === connection && one.remote_id === before.remote_id)?.record_id };
}

/** @param {string} id @param {URLSearchParams} query @returns {Promise<Loaded>} */
export async function loadMerge(id, query) {
  const conflict = query.get("conflict");
  const [contact, page, before] = await Promise.all([
    api.get(`/v1/contacts/${id}`), api.get(`/v1/contacts/${id}/candidates`), conflict ? api.get(`/v1/write-backs/${conflict}`) : null,
  ]);
  const asked = { connection: query.get("connection"), record: query.get("record"), create: query.get("create") };
  const review = await fetchReview(id, before ? wantedAgain(before, page.items) : asked);
  /** @type {import("../merge_state.js").Choices} */
  const choices = {};
  for (const change of before?.changes || []) choices[change.field] = { take: "own", value: change.after };
  return { contact, review, candidates: page.items, clash: before ? clashesOf(before.changes, review) : null, choices };
}
