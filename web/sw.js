// Keeps the pages' own files on the device, so that they start without a network. Never an answer of the API: what people's
// cards say is nowhere but in the service. One cache a build: a page and the files it names always belong together.
const ASSETS = "{{assets}}";
const FILES = ["{{files}}"];
const CACHE = `kartei:${ASSETS}`;
const PAGE = "/";
const PATIENCE = 4000; // ms: a network that takes longer is as good as none

/** The page, when it is ours and of this build; a way to the sign-in is not. */
async function keepPage(answer) {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return;
  if ((await answer.clone().text()).includes(`${ASSETS}/`)) await (await caches.open(CACHE)).put(PAGE, answer);
}

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((name) => `${ASSETS}/${name}`));
  await keepPage(await fetch(PAGE, { credentials: "same-origin", redirect: "manual" }));
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("kartei:") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function file(request) {
  return (await (await caches.open(CACHE)).match(request)) || fetch(request);
}

/** From the service if it answers soon and well; else the page that was kept. */
async function page(event) {
  const kept = await (await caches.open(CACHE)).match(PAGE);
  const fresh = fetch(event.request).then((answer) => {
    event.waitUntil(keepPage(answer.clone()));
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([fresh.catch(() => null), late]);
  return answer && answer.status < 500 ? answer : kept;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith(`${ASSETS}/`)) event.respondWith(file(event.request));
  else if (mode === "navigate" && (pathname === "/" || pathname.startsWith("/app/"))) event.respondWith(page(event));
});
