// Who is signed in: asked of the service, or, without a network, remembered by the device (then only capturing works).
import { api, useCsrf } from "../api.js";
import { session } from "../state.js";
import { forget, remember, remembered } from "./vault.js";

/** Changes go out only after the service has said who we are: with its answer comes the key for them. */
let known = false;

/** @param {{stay?: boolean}} [options] stay: an expired sign-in is a problem and no way to the sign-in page */
export async function knowUs(options) {
  session.value = await api.get("/v1/session", options);
  useCsrf(session.value?.csrf || "");
  known = true;
  const { csrf, ...who } = /** @type {any} */ (session.value);
  remember(who).catch(() => {}); // a device without storage works while it has a network
}

/** Before something is sent. */
export const knowUsAgain = async () => known || knowUs({ stay: true });
/** The key for changes was of another sign-in. */
export const doubt = () => { known = false; };

/** @returns {Promise<boolean>} whether the device remembers somebody, who is then taken to be here */
export async function recall() {
  const who = await remembered().catch(() => null);
  if (who) session.value = { ...who, csrf: "" };
  return Boolean(who);
}

export const forgetUs = () => forget().catch(() => {});
