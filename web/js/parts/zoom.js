// The card close by: tapping comes nearer where the finger is, two buttons do the same, two fingers are the browser's own; what was asked
// for is in the middle at once.
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { Icon } from "./icon.js";
import { CardPicture } from "./snippet.js";

const STEPS = 4; // css/contact.css says how large each is

/** @param {{image: string, box: number[] | null, alt: string}} props box: what is to be seen, in pixels of the picture */
export function Zoom({ image, box, alt }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [step, setStep] = useState(0);
  const middle = useRef({ x: 0.5, y: 0.5 }); // what stays in the middle, as parts of the picture
  useEffect(() => {
    const box = frame.current;
    box?.scrollTo(middle.current.x * box.scrollWidth - box.clientWidth / 2, middle.current.y * box.scrollHeight - box.clientHeight / 2);
  }, [step]);
  /** @param {number} to @param {{x: number, y: number}} [at] */
  const go = (to, at) => {
    const box = frame.current;
    if (box) middle.current = at || { x: (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth, y: (box.scrollTop + box.clientHeight / 2) / box.scrollHeight };
    setStep(Math.min(STEPS - 1, Math.max(0, to)));
  };
  /** @param {MouseEvent} event */
  const tap = (event) => {
    const picture = /** @type {HTMLElement | undefined} */ (frame.current?.querySelector("img"))?.getBoundingClientRect();
    if (picture) go(step + 1 < STEPS ? step + 1 : 0, { x: (event.clientX - picture.left) / picture.width, y: (event.clientY - picture.top) / picture.height });
  };
  /** @param {Event} event */
  const loaded = (event) => {
    const { naturalWidth, naturalHeight } = /** @type {HTMLImageElement} */ (event.target);
    if (box && naturalWidth) go(2, { x: (box[0] + box[2] / 2) / naturalWidth, y: (box[1] + box[3] / 2) / naturalHeight });
  };
  return html`<div class="zoom"><div ref=${frame} class="zoom-frame" tabindex="0" role="region" aria-label=${alt} onClick=${tap} onLoadCapture=${loaded}>
      <div class=${`zoom-step-${step}`}><${CardPicture} image=${image} box=${box} alt=${alt} /></div></div>
    <div class="zoom-acts"><button type="button" aria-disabled=${step === 0} onClick=${() => go(step - 1)}>${t("zoom.out")}</button>
      <button type="button" aria-disabled=${step === STEPS - 1} onClick=${() => go(step + 1)}><${Icon} name="zoom" />${t("zoom.in")}</button></div></div>`;
}
