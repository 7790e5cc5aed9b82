// Types of the library that web/build.py lays out as lib/hooks.mjs.
export * from "../../../../web/node_modules/preact/hooks";
