// Where captures go: a list, a fair. What can be chosen is kept sealed on the device, so that it can be chosen without a network;
// what was chosen last, by its id, too.
import { api } from "../api.js";
import { session } from "../state.js";
import { computed, signal } from "../ui.js";
import { rememberPlaces, rememberedPlaces } from "./vault.js";

/** @typedef {import("../types.js").List} List */
/** @typedef {import("../types.js").Fair} Fair */

const LIST = "kartei.list";
const FAIR = "kartei.fair";
const own = () => session.value?.user.id || "";

/** @type {import("../../lib/signals.mjs").Signal<{lists: List[], fairs: Fair[]}>} */
export const places = signal({ lists: [], fairs: [] });
const chosen = signal({ list: localStorage.getItem(LIST) || "", fair: localStorage.getItem(FAIR) || "" });

/** The fair that captures are made for, null where there is none. */
export const fair = computed(() => places.value.fairs.find((one) => one.id === chosen.value.fair && one.state === "open") || null);
/** The list where they go: the fair's own, else the chosen one; "" for the first. */
export const list = computed(() => {
  const { lists } = places.value;
  const id = fair.value?.list_id || chosen.value.list;
  return !lists.length || lists.some((one) => one.id === id) ? id : "";
});
/** What a capture takes along. @returns {import("../queue.js").Goal} */
export const goal = () => ({ list: list.value, fair: fair.value?.id || "" });

/** @param {{list?: string, fair?: string}} change */
export function choose(change) {
  chosen.value = { ...chosen.value, ...change };
  localStorage.setItem(LIST, chosen.value.list);
  localStorage.setItem(FAIR, chosen.value.fair);
}

/** @param {(problem: any) => unknown} failed */
export async function loadPlaces(failed) {
  if (!places.value.lists.length) rememberedPlaces(own()).then((found) => { if (found && !places.value.lists.length) places.value = found; }).catch(() => {});
  try {
    const [lists, fairs] = await Promise.all([api.get("/v1/lists", { stay: true }), api.get("/v1/fairs", { stay: true })]);
    places.value = { lists: lists.items, fairs: fairs.items };
    await rememberPlaces(own(), places.value).catch(() => {}); // a device without storage chooses while it has a network
  } catch (problem) {
    failed(problem);
  }
}
