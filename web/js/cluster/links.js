// How the members of a cluster hang together: lines between their letters, and the same in words.
import { percent, t } from "../i18n.js";
import { html } from "../ui.js";
import { likely } from "../parts/waterfall.js";

/** @typedef {import("../types.js").DuplicatePair} Pair */
/** @typedef {{id: string, letter: string, off?: boolean}} Node */

const [WIDTH, HEIGHT, ROOM] = [340, 200, 30];
const LABELLED = 6; // so many lines have room for a word each
const STRONGEST = 2;
const LABEL_AT = 0.36; // of the way: lines cross in their middle

/** Places on an ellipse, the first on the left. @param {number} i @param {number} n */
function placeOf(i, n) {
  const turn = Math.PI + (2 * Math.PI * i) / n;
  return { x: WIDTH / 2 + (WIDTH / 2 - ROOM) * Math.cos(turn), y: HEIGHT / 2 + (HEIGHT / 2 - ROOM) * Math.sin(turn) };
}

/** What nobody shares by chance says more of a link than a name that all of them have. */
const TELLING = ["email", "mobile", "phone", "birth"];

/** What speaks for a link, the most telling first. @param {Pair} link */
const speaking = (link) => link.reasons.filter((one) => one.weight > 0)
  .sort((a, b) => Number(TELLING.includes(b.field)) - Number(TELLING.includes(a.field)) || b.weight - a.weight);

/** @param {Node[]} nodes @param {Pair[]} links */
function lettered(nodes, links) {
  const at = new Map(nodes.map((node, i) => [node.id, i]));
  return links.flatMap((link) => {
    const [from, to] = [at.get(link.left_id), at.get(link.right_id)].sort((a, b) => Number(a) - Number(b));
    return from === undefined || to === undefined ? [] : [{ link, from, to, a: nodes[from].letter, b: nodes[to].letter }];
  }).sort((x, y) => x.from - y.from || x.to - y.to);
}

/** @param {{nodes: Node[], lines: ReturnType<typeof lettered>}} props */
function Picture({ nodes, lines }) {
  const places = nodes.map((_, i) => placeOf(i, nodes.length));
  return html`<svg class="cluster-picture" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
    ${lines.map(({ link, from, to }) => html`<line key=${`${from}-${to}`} class=${link.decided === "different" ? "apart" : ""} x1=${places[from].x} y1=${places[from].y} x2=${places[to].x} y2=${places[to].y} stroke-width=${1.5 + 3 * link.probability} />`)}
    ${lines.length <= LABELLED && lines.map(({ link, from, to }) => {
      const word = link.decided === "different" ? "≠" : t(`link.${speaking(link)[0]?.field || "name"}`);
      const [x, y] = [places[from].x + LABEL_AT * (places[to].x - places[from].x), places[from].y + LABEL_AT * (places[to].y - places[from].y)];
      const wide = word.length * 6.4 + 12;
      return html`<g key=${`${from}-${to}`}><rect x=${x - wide / 2} y=${y - 9} width=${wide} height="18" rx="9" /><text x=${x} y=${y + 4}>${word}</text></g>`;
    })}
    ${nodes.map((node, i) => html`<g key=${node.id} class=${node.off ? "node off" : "node"}><circle cx=${places[i].x} cy=${places[i].y} r="16" /><text x=${places[i].x} y=${places[i].y + 5}>${node.letter}</text></g>`)}
  </svg>`;
}

/** @param {{nodes: Node[], links: Pair[]}} props */
export function Links({ nodes, links }) {
  const lines = lettered(nodes, links);
  return html`<figure class="cluster-links"><${Picture} nodes=${nodes} lines=${lines} />
    <figcaption><ul class="plain-list">${lines.map(({ link, a, b }) => html`<li key=${a + b}>${link.decided === "different"
      ? t("cluster.apart", { a, b })
      : html`<strong>${t("duplicates.pair", { a, b })}</strong> ${speaking(link).slice(0, STRONGEST).map((one) => one.sentence).join(", ")} <span class="soft">${likely(link.probability)} · ${percent(link.probability)}</span>`}</li>`)}</ul></figcaption></figure>`;
}
