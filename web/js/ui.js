// The three libraries, imported in one place, and `html` to write markup with.
import { h, render } from "../lib/preact.mjs";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../lib/hooks.mjs";
import htm from "../lib/htm.mjs";
import { computed, effect, signal, useSignal } from "../lib/signals.mjs";

export const html = htm.bind(h);
export { computed, effect, h, render, signal, useEffect, useLayoutEffect, useMemo, useRef, useSignal, useState };
