// The three libraries, imported in one place, and `html` to write markup with.
import { h, render } from "../lib/preact.mjs";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../lib/hooks.mjs";
import htm from "../lib/htm.mjs";
import { computed, effect, signal, useSignal } from "../lib/signals.mjs";

export const html = htm.bind(h);

/** The view, drawn again only when one of its properties is another. @template P @param {(props: P) => any} View @returns {(props: P) => any} */
export function memo(View) {
  /** @this {any} @param {any} props */
  function Memo(props) {
    this.shouldComponentUpdate = (/** @type {any} */ next) => Object.keys(next).some((name) => next[name] !== this.props[name]);
    return h(/** @type {any} */ (View), props);
  }
  return /** @type {any} */ (Memo);
}
export { computed, effect, h, render, signal, useEffect, useLayoutEffect, useMemo, useRef, useSignal, useState };
