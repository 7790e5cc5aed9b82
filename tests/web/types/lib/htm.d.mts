// Types of the library that web/build.py lays out as lib/htm.mjs.
export * from "../../../../web/node_modules/htm";
export { default } from "../../../../web/node_modules/htm";
