// A look at one photo before it goes: why it may be hard to read, its four corners, a turn; taken again or used all the same. Opened by a
// poor photo, or by hand; fetched then.
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { announce } from "../state.js";
import { sound, straighten } from "../phone/straight.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

/** @typedef {import("../phone/straight.js").Corners} Corners */

const WHOLE = /** @type {Corners} */ ([{ x: 0.04, y: 0.04 }, { x: 0.96, y: 0.04 }, { x: 0.96, y: 0.96 }, { x: 0.04, y: 0.96 }]);
const NAMES = /** @type {const} */ (["top_left", "top_right", "bottom_right", "bottom_left"]);
const STEP = { small: 0.01, large: 0.05 };
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
const QUALITY = 0.92;
const within = (/** @type {number} */ n) => Math.min(1, Math.max(0, n));

/** @param {Blob} photo @param {Corners} corners @returns {Promise<Blob | null>} */
async function cutOut(photo, corners) {
  const bitmap = await createImageBitmap(photo, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  const flat = straighten(pen.getImageData(0, 0, canvas.width, canvas.height), corners);
  [canvas.width, canvas.height] = [flat.width, flat.height];
  pen.putImageData(new ImageData(/** @type {any} */ (flat.data), flat.width, flat.height), 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** One corner: dragged, or moved with the arrow keys. @param {{name: string, at: {x: number, y: number}, frame: import("preact").RefObject<HTMLElement>, move: (to: {x: number, y: number}) => void}} props */
function Corner({ name, at, frame, move }) {
  const held = useRef(false);
  /** @param {PointerEvent} event */
  const drag = (event) => {
    const box = frame.current?.getBoundingClientRect();
    if (held.current && box) move({ x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) });
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? STEP.large : STEP.small;
    const to = { x: within(at.x + way[0] * step), y: within(at.y + way[1] * step) };
    move(to);
    announce(t("quick.at", { x: Math.round(to.x * 100), y: Math.round(to.y * 100) }));
  };
  return html`<button type="button" class="corner" style=${{ left: `${at.x * 100}%`, top: `${at.y * 100}%` }} aria-label=${name} onKeyDown=${key}
    onPointerDown=${(/** @type {any} */ event) => { held.current = true; event.currentTarget.setPointerCapture(event.pointerId); }} onPointerMove=${drag}
    onPointerUp=${() => { held.current = false; }} onPointerCancel=${() => { held.current = false; }}></button>`;
}

/**
 * @param {{photo: Blob, why: string[], use: (photo: Blob) => void, again?: () => void, close: () => void}} props
 * why: sentences on what is poor about it; again: takes another photo
 */
export function QuickCheck({ photo, why, use, again, close }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [address, setAddress] = useState("");
  const [broken, setBroken] = useState(false);
  const [corners, setCorners] = useState(WHOLE);
  const [turns, setTurns] = useState(0);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  const touched = corners !== WHOLE || turns > 0;
  const good = sound(corners);
  const done = async () => {
    if (!touched) return use(photo); // as it is, to the bit
    setBusy(true);
    const order = corners !== WHOLE ? corners : /** @type {Corners} */ ([{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }]);
    const turned = /** @type {Corners} */ (order.map((_, i) => order[(i + 4 - turns) % 4]));
    use((await cutOut(photo, turned).catch(() => null)) || photo);
  };
  const act = corners !== WHOLE ? "quick.cut" : turns ? "quick.turned" : why.length ? "quick.anyway" : "quick.use";
  return html`<${Dialog} title=${t("quick.title")} close=${close} wide>
    ${why.map((one) => html`<p key=${one} class="notice warn"><${Icon} name="alert" /><span>${one}</span></p>`)}
    ${broken ? html`<p class="soft">${t("quick.no_picture")}</p>` : html`<div class="quick-frame"><div ref=${frame} class="quick-picture">
      ${address && html`<img src=${address} alt=${t("quick.alt")} onError=${() => setBroken(true)} />`}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><polygon class=${good ? "" : "bad"} points=${corners.map(({ x, y }) => `${x * 100},${y * 100}`).join(" ")} /></svg>
      ${corners.map((at, i) => html`<${Corner} key=${i} name=${t(`quick.corner.${NAMES[i]}`)} at=${at} frame=${frame} move=${(/** @type {{x: number, y: number}} */ to) => setCorners(/** @type {Corners} */ (corners.map((old, k) => (k === i ? to : old))))} />`)}</div></div>
    <p class="soft quick-hint">${t(good ? "quick.hint" : "quick.dent")}</p>`}
    <div class="acts quick-acts">
      ${!broken && html`<button type="button" onClick=${() => { setTurns((turns + 1) % 4); announce(t("quick.is_turned", { n: ((turns + 1) % 4) * 90 })); }}><${Icon} name="refresh" />${t("quick.turn")}${turns > 0 && ` ${turns * 90}°`}</button>`}
      ${again && html`<button type="button" onClick=${again}><${Icon} name="camera" />${t("quick.again")}</button>`}
      <button type="button" class="primary" disabled=${busy || !good} onClick=${done}>${busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="check" />`}${t(act)}</button></div><//>`;
}
