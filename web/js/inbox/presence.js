// Who else looks at the same contact: a soft lock, in words. Said again every few seconds, and taken back on leaving.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { useLive } from "../live.js";
import { Icon } from "../parts/icon.js";

/** @typedef {{id: string, name: string | null}} Person */

const AGAIN = 15000;

/** @param {string} id the contact @returns {Person[]} */
export function usePresence(id) {
  const [others, setOthers] = useState(/** @type {Person[]} */ ([]));
  const say = useRef(() => {});
  useEffect(() => {
    let here = true;
    say.current = () => { if (document.visibilityState === "visible") api.post(`/v1/inbox/${id}/presence`, { here: true }).then((now) => here && setOthers(now.others), () => {}); };
    say.current();
    const timer = setInterval(() => say.current(), AGAIN);
    return () => { here = false; clearInterval(timer); api.post(`/v1/inbox/${id}/presence`, { here: false }).catch(() => {}); };
  }, [id]);
  const known = useRef(0);
  useLive(["presence"], (event) => {
    // What we say ourselves is an event, too: an answer to each would never end.
    if (event.type !== "presence" || event.id !== id || Date.now() - known.current < AGAIN / 5) return;
    known.current = Date.now();
    say.current();
  });
  return others;
}

/** @param {{others: Person[]}} props */
export const Lookers = ({ others }) => others.length > 0 && html`<p class="notice warn lookers" role="status"><${Icon} name="person" /><span>${t("inbox.lookers", { n: others.length, names: others.map((one) => one.name || t("nameless")).join(", ") })}</span></p>`;
