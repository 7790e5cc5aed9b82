// What every screen shares: who is signed in, what is announced, short notices with a way back.
import { signal } from "./ui.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {{id: number, text: string, kind: "good" | "bad", label?: string, act?: () => void}} Toast */

/** @type {import("../lib/signals.mjs").Signal<Session | null>} */
export const session = signal(null);
/** For screen readers, politely and at once. */
export const polite = signal("");
export const assertive = signal("");
/** @type {import("../lib/signals.mjs").Signal<Toast[]>} */
export const toasts = signal([]);

const OFF = "kartei.shortcuts.off";
export const shortcuts = signal(localStorage.getItem(OFF) === null);

/** @param {boolean} on */
export function setShortcuts(on) {
  shortcuts.value = on;
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

/** @param {string} text */
export function announce(text) {
  // The same words twice are news, too: a changed text is what makes readers speak.
  polite.value = polite.value === text ? `${text}\u00a0` : text;
}

let last = 0;

/** @param {Omit<Toast, "id">} toast @returns {number} */
export function toast(toast) {
  const id = ++last;
  const others = toasts.value.filter((one) => one.text !== toast.text || one.act); // the same again replaces itself
  toasts.value = [...others, { ...toast, id }].slice(-3);
  if (toast.kind === "bad") assertive.value = toast.text;
  else announce(toast.text);
  return id;
}

/** @param {number} id */
export function untoast(id) {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** A failure as a notice: what happened, in the service's own words. @param {any} problem */
export function complain(problem) {
  toast({ text: problem.detail || problem.title || String(problem), kind: "bad" });
}

export const isAdmin = () => session.value?.user.role === "admin";
