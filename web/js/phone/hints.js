// What a look at a small live picture says about the photo it would become. Plain arithmetic over grey values: no library, no wait.

/** Thresholds on 8-bit grey values, chosen on synthetic pictures (tests/web/hints.test.mjs). A hint never keeps anybody from taking the photo. */
const DARK = 55; // mean below: too little light
const WHITE = 250; // a value above is burnt out
const GLARE = 0.04; // share of burnt-out dots in a tile that is not simply white paper
const TILES = 6; // a reflection is a spot: looked for in 6 x 6 tiles
const FLAT = 40; // nearly all values within so little: nothing in view
const SHARP = 9; // strongest edges (99th percentile) below: blurred

/** @typedef {"dark" | "glare" | "blur" | "empty" | ""} Hint */

/** @param {Uint8ClampedArray} rgba @returns {Uint8Array} ITU-R BT.601 luma */
export function greyOf(rgba) {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++) grey[i] = (rgba[4 * i] * 299 + rgba[4 * i + 1] * 587 + rgba[4 * i + 2] * 114) / 1000;
  return grey;
}

/** Strength of edges, |Laplacian| / 4, of every inner dot. @param {Uint8Array} grey @param {number} width @returns {Uint8Array} */
function edges(grey, width) {
  const found = new Uint8Array(grey.length);
  for (let i = width + 1; i < grey.length - width - 1; i++) found[i] = Math.abs(4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width]) / 4;
  return found;
}

/** The tiles that are burnt out. @param {Uint8Array} grey @param {number} width @returns {number[]} */
function burntTiles(grey, width) {
  const height = grey.length / width;
  const share = new Float32Array(TILES * TILES);
  for (let i = 0; i < grey.length; i++) {
    const tile = Math.floor((Math.floor(i / width) * TILES) / height) * TILES + Math.floor(((i % width) * TILES) / width);
    if (grey[i] > WHITE) share[tile] += (TILES * TILES) / grey.length;
  }
  return [...share.keys()].filter((tile) => share[tile] > GLARE);
}

/** Whether some tile is burnt out while its neighbourhood is not: paper is evenly white, a lamp is not. @param {number[]} burnt @param {number} mean */
const glares = (burnt, mean) => burnt.length > 0 && burnt.length <= (TILES * TILES) / 4 && mean < 215;

/** Where a reflection lies, of nine fields. @param {Uint8Array} grey @param {number} width @returns {string} "top_left" … "middle_middle"; "" without one */
export function glareAt(grey, width) {
  const burnt = burntTiles(grey, width);
  if (!burnt.length) return "";
  const third = (/** @type {number[]} */ all, /** @type {string[]} */ words) => words[Math.floor((all.reduce((sum, one) => sum + one + 0.5, 0) / all.length / TILES) * 3)];
  return `${third(burnt.map((tile) => Math.floor(tile / TILES)), ["top", "middle", "bottom"])}_${third(burnt.map((tile) => tile % TILES), ["left", "middle", "right"])}`;
}

/** @param {Uint8Array} values @param {number} share @returns {number} that share of all is below */
const part = (values, share) => values.slice().sort()[Math.floor(values.length * share)];

/** @param {Uint8Array} grey one value a dot, row by row @param {number} width of a row @returns {Hint} the worst of it */
export function hintOf(grey, width) {
  const mean = grey.reduce((sum, one) => sum + one, 0) / grey.length;
  if (mean < DARK) return "dark";
  if (glares(burntTiles(grey, width), mean)) return "glare";
  if (part(grey, 0.98) - part(grey, 0.02) < FLAT) return "empty";
  return part(edges(grey, width), 0.99) < SHARP ? "blur" : "";
}
