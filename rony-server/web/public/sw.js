/**
 * Keeps the files of the page in the browser, so that it starts without a network, and shows notifications on phones.
 * Answers of the API are never kept here.
 */
const PREFIX = "rony-files-";
/** Of the version before, an open tab may still need a file. */
const KEPT = 2;
/** After so long without an answer the page starts from what is kept. */
const PATIENCE = 4_000;

const root = new URL("./", self.registration.scope).href;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data?.type === "keep") event.waitUntil(keep());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { href, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !href.startsWith(root)) return;
  const path = href.slice(root.length).replace(/[?#].*$/, "");
  if (request.mode === "navigate" && /^(setup|join|reset|meet)?$/.test(path)) event.respondWith(page(request));
  else if (path.startsWith("assets/")) event.respondWith(file(request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(go(event.notification.data?.place ?? "/"));
});

/** The newest page, or without a network the one that is kept. */
async function page(request) {
  const asked = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  if (answer) return answer;
  return (await newest())?.match(root) ?? asked;
}

/** What is kept of the newest version. */
async function newest() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && !name.endsWith("-unfinished"));
  const name = names.at(-1);
  return name === undefined ? undefined : caches.open(name);
}

/** The name of a file says what is in it: what is kept is right. */
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** Keeps all files of the version that the server has now. */
async function keep() {
  const answer = await fetch(`${root}offline.json`, { cache: "no-cache" });
  if (!answer.ok) return;
  const { version, files } = await answer.json();
  const name = PREFIX + version;
  if (await caches.has(name)) return;
  const fresh = await caches.open(`${name}-unfinished`);
  await fresh.add(new Request(root, { cache: "no-cache" }));
  await Promise.all(files.map((path) => copy(fresh, root + path)));
  await finish(fresh, name);
}

/** A file that an older version has, too, is not loaded again. */
async function copy(cache, address) {
  const known = await caches.match(address, { ignoreVary: true });
  if (known) await cache.put(address, known);
  else await cache.add(address);
}

/** Only a version that is there as a whole counts. */
async function finish(fresh, name) {
  const done = await caches.open(name);
  for (const request of await fresh.keys()) {
    const answer = await fresh.match(request);
    if (answer) await done.put(request, answer);
  }
  const all = (await caches.keys()).filter((other) => other.startsWith(PREFIX));
  const whole = all.filter((other) => !other.endsWith("-unfinished"));
  const old = whole.filter((other) => other !== name).slice(0, -(KEPT - 1));
  const left = all.filter((other) => other.endsWith("-unfinished"));
  await Promise.all([...old, ...left].map((other) => caches.delete(other)));
}

async function go(place) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((client) => client.url.startsWith(root));
  if (!open) return self.clients.openWindow(`${root}#${place}`);
  open.postMessage({ type: "go", place });
  return open.focus();
}
