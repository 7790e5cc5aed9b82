// What stands on the card: cut out of the card's picture, which is loaded once for all its fields.
import { html, useEffect, useRef, useState } from "../ui.js";
import { t } from "../i18n.js";

/** @type {Map<string, Promise<HTMLImageElement>>} */
const pictures = new Map();
const KEPT = 12;
const MARGIN = 0.25; // of the height of the line, on every side
const TALLEST = 276; // canvas pixels: three times what is shown at most
const LINE = 4; // boxes less than this many times as wide as high hold several lines

/** @param {string} address */
function picture(address) {
  let found = pictures.get(address);
  if (!found) {
    const image = new Image();
    image.decoding = "async";
    image.src = address;
    found = image.decode().then(() => image);
    found.catch(() => pictures.delete(address));
    pictures.set(address, found);
    if (pictures.size > KEPT) pictures.delete([...pictures.keys()][0]);
  }
  return found;
}

/** @param {string} scan @param {number} card @param {import("../types.js").Side} [side] the other side of it */
export const cardImage = (scan, card, side) => `/v1/scans/${scan}/cards/${card}/image${side ? `?side=${side}` : ""}`;

/** The same in the size of a row. @param {string} scan @param {number} card */
export const cardThumb = (scan, card) => `${cardImage(scan, card)}?size=small`;

/** @param {HTMLCanvasElement} canvas @param {HTMLImageElement} image @param {number[]} box */
function draw(canvas, image, [x, y, width, height]) {
  const margin = Math.max(4, height * MARGIN);
  const left = Math.max(0, x - margin);
  const top = Math.max(0, y - margin);
  const w = Math.min(image.naturalWidth - left, width + 2 * margin);
  const h = Math.min(image.naturalHeight - top, height + 2 * margin);
  if (w < 1 || h < 1) return;
  const scale = Math.min(1, TALLEST / h);
  canvas.width = Math.round(w * scale);
  canvas.height = Math.round(h * scale);
  canvas.getContext("2d")?.drawImage(image, left, top, w, h, 0, 0, canvas.width, canvas.height);
}

/** @param {{image: string, box: number[], label: string, zoom?: () => void}} props */
export function Snippet({ image, box, label, zoom }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [there, setThere] = useState(false);
  useEffect(() => {
    let wanted = true;
    picture(image).then(
      (loaded) => {
        if (!wanted || !canvas.current) return;
        draw(canvas.current, loaded, box);
        setThere(true);
      },
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [image, box.join()]);
  const shown = html`<canvas ref=${canvas} class=${["snippet", box[2] < LINE * box[3] && "tall", !there && "waiting"].filter(Boolean).join(" ")} role="img" aria-label=${t("snippet.of", { field: label })} />`;
  if (!zoom) return shown;
  return html`<button type="button" class="snippet-button" onClick=${zoom} aria-label=${t("snippet.zoom", { field: label })}>${shown}</button>`;
}

/** The whole card with one place marked. @param {{image: string, box?: number[] | null, alt: string}} props */
export function CardPicture({ image, box, alt }) {
  const [size, setSize] = useState(/** @type {{w: number, h: number} | null} */ (null));
  const [broken, setBroken] = useState(false);
  if (broken) return html`<p class="notice">${t("card.no_picture")}</p>`;
  const margin = 8;
  return html`<figure class="card-picture">
    <img src=${image} alt=${alt} onLoad=${(/** @type {Event} */ event) => {
      const img = /** @type {HTMLImageElement} */ (event.target);
      setSize({ w: img.naturalWidth, h: img.naturalHeight });
    }} onError=${() => setBroken(true)} />
    ${size && box && html`<svg viewBox=${`0 0 ${size.w} ${size.h}`} aria-hidden="true">
      <rect x=${box[0] - margin} y=${box[1] - margin} width=${box[2] + 2 * margin} height=${box[3] + 2 * margin} rx="8" /></svg>`}
  </figure>`;
}
