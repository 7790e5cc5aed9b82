// Types of the library that web/build.py lays out as lib/signals.mjs.
export * from "../../../../web/node_modules/@preact/signals";
