// Language, look and the way out: kept with the account, in force at once.
import { api } from "./api.js";
import { language, useLanguage } from "./i18n.js";
import { signal } from "./ui.js";
import { forgetUs } from "./phone/sign.js";
import { complain, session } from "./state.js";

export const LANGUAGES = ["de", "en"]; // each named in its own words: see parts/look.js
export const THEMES = /** @type {const} */ (["system", "light", "dark"]);

/** Rises when everything is to be drawn with other words. */
export const drawn = signal(0);

/** @param {object} change @returns {Promise<boolean>} whether it was kept */
async function keep(change) {
  try {
    session.value = await api.patch("/v1/session", change);
    return true;
  } catch (problem) {
    complain(problem);
    return false;
  }
}

/** @param {string} wanted */
export async function setLanguage(wanted) {
  if (wanted === language || !(await keep({ language: wanted }))) return;
  await useLanguage(wanted);
  drawn.value++;
  requestAnimationFrame(() => document.querySelector("h1")?.focus());
}

/** @param {string} wanted */
export async function setTheme(wanted) {
  const before = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = wanted;
  if (!(await keep({ theme: wanted }))) document.documentElement.dataset.theme = before;
}

export async function signOut() {
  try {
    await api.remove("/v1/session");
  } catch (problem) {
    return complain(problem);
  }
  await forgetUs();
  location.assign("/sign-in");
}
