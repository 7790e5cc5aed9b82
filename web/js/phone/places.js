// Where captures go: a list, a fair. What can be chosen is kept sealed on the device, so that it can be chosen without a network;
// what was chosen last, too.
import { api } from "../api.js";
import { session } from "../state.js";
import { computed, signal } from "../ui.js";
import { rememberPlaces, rememberedPlaces } from "./vault.js";

/** @typedef {import("../types.js").List} List */
/** @typedef {import("../types.js").Fair} Fair */

const own = () => session.value?.user.id || "";

/** @typedef {{lists: List[], fairs: Fair[]}} Places */
/** @type {import("../../lib/signals.mjs").Signal<Places>} */
export const places = signal({ lists: [], fairs: [] });
/** Ids; a person's choice outlives the browser at once, so it lies where the captures do. */
const chosen = signal({ list: "", fair: "" });
let recalled = false;

/** A device without storage chooses while it has a network. @param {object} change */
const note = (change) => rememberPlaces(own(), { ...places.value, chosen: chosen.value, ...change }).catch(() => {});

async function recall() {
  const found = recalled ? null : await rememberedPlaces(own()).catch(() => null);
  recalled = true;
  if (!found) return;
  chosen.value = found.chosen;
  places.value = { lists: found.lists, fairs: found.fairs };
}

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
  return note({});
}

/** @param {(problem: any) => unknown} failed */
export async function loadPlaces(failed) {
  await recall();
  try {
    const [lists, fairs] = await Promise.all([api.get("/v1/lists", { stay: true }), api.get("/v1/fairs", { stay: true })]);
    places.value = { lists: lists.items, fairs: fairs.items };
    await note({});
  } catch (problem) {
    failed(problem);
  }
}
