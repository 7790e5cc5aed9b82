// Whether the service can be reached and still knows us: what the last request met, not what the browser believes.
import { signal } from "../ui.js";

/** "on"; "off": no answer; "out": it answers, but the sign-in has expired. @type {import("../../lib/signals.mjs").Signal<"on" | "off" | "out">} */
export const net = signal("on");
