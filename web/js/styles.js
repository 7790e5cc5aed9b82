// The look of all screens but the first, which does without: a phone at a fair waits for nothing that it does not show.
const REST = ["inbox", "merge", "desk"]; // later ones win

/** @param {string} name @returns {Promise<void>} */
function add(name) {
  return new Promise((done, fail) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../css/${name}.css`, import.meta.url).pathname;
    link.onload = () => done();
    link.onerror = () => { link.remove(); fail(new Error(`the look of ${name}`)); };
    document.head.append(link);
  });
}

/** @type {Promise<unknown> | null} */
let asked = null;

/** Resolves when they are in force. */
export function wholeLook() {
  asked ??= Promise.all(REST.map(add)).catch((problem) => { asked = null; throw problem; });
  return asked;
}
