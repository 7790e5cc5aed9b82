// The live camera: stays open from card to card, says what would spoil the photo, and leaves the photo with the queue. Where it is
// blocked or missing, the phone's own camera app and the gallery do.
import { t } from "../i18n.js";
import { cardsIn } from "../phone/cards.js";
import { followed, isLeftOut, paintOver, swapped } from "../phone/left_out.js";
import { glareAt, greyOf, hintOf } from "../phone/hints.js";
import { frameOf } from "../phone/photo.js";
import { isAuto, looked, ready, restless, setAuto, took } from "../phone/steady.js";
import { middleOf } from "../phone/straight.js";
import { stay } from "../phone/vault.js";
import { addBack, addReady, release } from "../queue.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { Icon } from "./icon.js";

const WISH = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 3840 }, height: { ideal: 2160 } } };
const LOOK = { every: 400, width: 192, height: 144 }; // ms, and the small picture that hints are made of

/** @param {import("preact").RefObject<HTMLVideoElement>} video @returns {{stream: MediaStream | null, trouble: "" | "denied" | "none"}} */
function useStream(video) {
  const [stream, setStream] = useState(/** @type {MediaStream | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {"" | "denied" | "none"} */ (""));
  useEffect(() => {
    /** @type {MediaStream | null} */
    let mine = null;
    let gone = false;
    const stop = () => mine?.getTracks().forEach((track) => track.stop());
    navigator.mediaDevices.getUserMedia(WISH).then((found) => {
      mine = found;
      if (gone || !video.current) return stop();
      video.current.srcObject = found;
      setStream(found);
    }, (problem) => setTrouble(problem.name === "NotAllowedError" ? "denied" : "none"));
    return () => { gone = true; stop(); };
  }, []);
  return { stream, trouble };
}

function smallPen() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [LOOK.width, LOOK.height];
  return canvas.getContext("2d", { willReadFrequently: true });
}

/** A small grey copy. @param {CanvasImageSource} picture @param {CanvasRenderingContext2D} pen */
function small(picture, pen) {
  pen.drawImage(picture, 0, 0, LOOK.width, LOOK.height);
  return greyOf(pen.getImageData(0, 0, LOOK.width, LOOK.height).data);
}

/** What is poor about what the camera sees, as sentences; none: it is good. @param {HTMLVideoElement} video @returns {string[]} */
function poorness(video) {
  const pen = smallPen();
  const grey = pen && small(video, pen);
  const hint = grey && hintOf(grey, LOOK.width);
  if (!hint || hint === "empty") return [];
  return [hint === "glare" ? t("quick.glare", { where: t(`quick.where.${glareAt(grey, LOOK.width)}`) }) : t(`quick.${hint}`)];
}

/** @typedef {import("../phone/straight.js").Corners} Corners */
/** @typedef {{hint: import("../phone/hints.js").Hint, cards: Corners[]}} Look */

/** @param {import("preact").RefObject<HTMLVideoElement>} video @param {boolean} on @returns {Look | null} null before the first look */
function useLook(video, on) {
  const [look, setLook] = useState(/** @type {Look | null} */ (null));
  useEffect(() => {
    if (!on) return;
    const pen = smallPen();
    const timer = setInterval(() => {
      if (!pen || !video.current?.videoWidth) return;
      const grey = small(video.current, pen);
      setLook({ hint: hintOf(grey, LOOK.width), cards: cardsIn(grey, LOOK.width, video.current.videoWidth / video.current.videoHeight) });
    }, LOOK.every);
    return () => clearInterval(timer);
  }, [on]);
  return look;
}

/**
 * The cards of several in view that shall not be read. @param {Look | null} look
 * @returns {{out: Corners[], isOut: (card: Corners) => boolean, swap: (card: Corners) => void, clear: () => void}}
 */
function useLeftOut(look) {
  const [points, setPoints] = useState(/** @type {import("../phone/straight.js").Point[]} */ ([]));
  useEffect(() => { if (look && points.length) setPoints(followed(points, look.cards)); }, [look]);
  const isOut = (/** @type {Corners} */ card) => isLeftOut(card, points);
  return { isOut, out: (look?.cards || []).filter(isOut), swap: (card) => setPoints(swapped(card, points)), clear: () => setPoints([]) };
}

/** @typedef {ReturnType<typeof useLeftOut>} LeftOut */

/** Where to hold a card, until one is seen; then the cards that are, numbered where they are several: a tap leaves one out.
 * @param {{look: Look | null, video: HTMLVideoElement | null, leftOut: LeftOut}} props */
function Outlines({ look, video, leftOut }) {
  const good = look?.hint === "" ? " good" : "";
  if (!look?.cards.length || !video) return html`<div class=${`camera-frame${good}`} aria-hidden="true"></div>`;
  const [w, h] = [video.videoWidth, video.videoHeight];
  const several = look.cards.length > 1;
  return html`<svg class=${`camera-cards${good}`} viewBox=${`0 0 ${w} ${h}`} aria-hidden="true">${look.cards.map((card, n) => html`<g key=${n} class=${leftOut.isOut(card) ? "out" : ""}>
    <polygon points=${card.map(({ x, y }) => `${x * w},${y * h}`).join(" ")} onClick=${several ? () => leftOut.swap(card) : undefined} />
    ${several && html`<text x=${middleOf(card).x * w} y=${middleOf(card).y * h} style=${{ fontSize: `${h / 9}px` }}>${n + 1}</text>`}</g>`)}</svg>`;
}

/** The same by keys and for screen readers. @param {{look: Look | null, leftOut: LeftOut}} props */
const Numbers = ({ look, leftOut }) => look && look.cards.length > 1 && html`<div class="camera-numbers" role="group" aria-label=${t("camera.which")}>${look.cards.map((card, n) => html`
  <button type="button" key=${n} aria-pressed=${!leftOut.isOut(card)} aria-label=${t("camera.card", { n: n + 1 })} onClick=${() => leftOut.swap(card)}>${n + 1}</button>`)}</div>`;

/** @param {{stream: MediaStream}} props */
function Torch({ stream }) {
  const [on, setOn] = useState(false);
  const [track] = stream.getVideoTracks();
  if (!(/** @type {any} */ (track?.getCapabilities?.())?.torch)) return null;
  const swap = () => track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: !on }] })).then(() => setOn(!on), () => {});
  return html`<button type="button" class="quiet" aria-pressed=${on} onClick=${swap}><${Icon} name="torch" />${t("camera.torch")}</button>`;
}

/** The shutter that nobody presses. @param {Look | null} look @param {boolean} free whether a photo may be taken now @param {() => void} shoot */
function useAuto(look, free, shoot) {
  const [on, setOn] = useState(isAuto());
  const steady = useRef(restless);
  useEffect(() => {
    if (!look) return;
    steady.current = looked(steady.current, look);
    if (on && free && ready(steady.current)) shoot();
  }, [look]);
  return { on, swap: () => { setAuto(!on); setOn(!on); }, taken: () => { steady.current = took(steady.current); } };
}

/** @param {{trouble: "denied" | "none", other: () => void}} props */
const Blocked = ({ trouble, other }) => html`<div class="camera-blocked"><h3>${t(trouble === "denied" ? "camera.denied" : "camera.none")}</h3>
  <p>${t(trouble === "denied" ? "camera.denied_text" : "camera.none_text")}</p><button type="button" class="primary" onClick=${other}><${Icon} name="camera" />${t("camera.app")}</button></div>`;

/**
 * Cards one after another. The last one is held back as long as its other side may follow: until the next card, or the end.
 * @param {import("../queue.js").Goal} goal
 */
function useSeries(goal) {
  const [n, setN] = useState(0);
  const [turned, setTurned] = useState(false); // the next shot is the other side
  const last = useRef("");
  const over = useRef(false);
  const letGo = () => release(last.current);
  useEffect(() => () => { over.current = true; letGo(); }, []);
  /** @param {Blob} photo */
  const take = async (photo) => {
    if (turned) {
      setTurned(false);
      if (await addBack(last.current, photo)) return;
    }
    letGo();
    setN((before) => before + 1);
    last.current = await addReady(photo, goal, true);
    if (over.current) letGo(); // the camera was closed while the photo was being kept
  };
  return { n, turned, turn: () => setTurned(!turned), take };
}

/** @param {{goal: import("../queue.js").Goal, close: () => void, other: () => void}} props other: the phone's own camera app */
export function Camera({ goal, close, other }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const { stream, trouble } = useStream(video);
  const look = useLook(video, Boolean(stream));
  const { n, turned, turn, take } = useSeries(goal);
  const leftOut = useLeftOut(look);
  const [flash, setFlash] = useState(false);
  const [doubt, setDoubt] = useState(/** @type {{photo: Blob, why: string[], Check: any} | null} */ (null));
  const shutter = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => { dialog.current?.showModal(); stay(); }, []);
  useEffect(() => { if (look) shutter.current?.focus(); }, [!!look]); // the space bar takes photos
  const shoot = async () => {
    if (!video.current) return;
    const why = poorness(video.current);
    const photo = await frameOf(video.current, (pen) => paintOver(pen, leftOut.out));
    if (!photo) return;
    leftOut.clear();
    auto.taken();
    setFlash(true);
    setTimeout(() => setFlash(false), 120);
    navigator.vibrate?.(30);
    const Check = why.length ? await import("./quick_check.js").then((room) => room.QuickCheck, () => null) : null;
    if (Check) setDoubt({ photo, why, Check });
    else await take(photo);
  };
  const auto = useAuto(look, !doubt && !leftOut.out.length, shoot);
  /** @param {Blob} photo */
  const use = (photo) => { setDoubt(null); take(photo); };
  const seen = (look?.cards.length || 0) - leftOut.out.length;
  const say = () => (turned ? t("camera.turned") : !look ? t("camera.frame") : leftOut.out.length ? t("camera.left_out", { n: seen, out: leftOut.out.length }) : !look.hint && seen > 1 ? t("camera.cards", { n: seen }) : t(`camera.hint.${look.hint || "good"}`));
  return html`<dialog ref=${dialog} class="camera" aria-label=${t("camera.title")} onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); close(); }}>
    <video ref=${video} autoplay playsinline muted></video>
    ${stream && html`<${Outlines} look=${look} video=${video.current} leftOut=${leftOut} />`}${flash && html`<div class="camera-flash"></div>`}
    <p class="camera-hint" role="status">${stream ? say() : !trouble && t("camera.starting")}</p>
    <${Numbers} look=${look} leftOut=${leftOut} />
    ${trouble && html`<${Blocked} trouble=${trouble} other=${other} />`}
    ${doubt && html`<${doubt.Check} photo=${doubt.photo} why=${doubt.why} use=${use} again=${() => setDoubt(null)} close=${() => setDoubt(null)} />`}
    <div class="camera-acts">
      <div><button type="button" class="quiet" onClick=${other}><${Icon} name="pictures" />${t("camera.app")}</button>
        ${n > 0 && html`<button type="button" class="quiet" aria-pressed=${turned} onClick=${turn}><${Icon} name="swap" />${t("back.add")}</button>`}${stream && html`<${Torch} stream=${stream} />
          <button type="button" class="quiet" aria-pressed=${auto.on} onClick=${auto.swap}><${Icon} name="check" />${t("camera.auto")}</button>`}</div>
      <button type="button" ref=${shutter} class="shutter" disabled=${!look || (leftOut.out.length > 0 && !seen)} onClick=${shoot} aria-label=${t(turned ? "camera.shutter_back" : "camera.shutter")}></button>
      <button type="button" class=${n ? "primary" : ""} onClick=${close}>${t("camera.done")}${n > 0 && html`<small>${t("camera.taken", { n })}</small>`}</button>
    </div>
  </dialog>`;
}
