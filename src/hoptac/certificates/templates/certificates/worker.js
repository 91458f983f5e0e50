{% autoescape off %}// Keeps the page /c and what it is made of, so that it opens without network. Knowledge of certificates comes
// from the network first; without it, from what was heard last, which carries its own moment.
const NAME = "certificates-" + {{ files|length }} + "-{{ files.0 }}-{{ files.1 }}";
const FILES = ["/c", "/c/list.json", {% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith("certificates-") && n !== NAME).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = url.pathname === "/c" || url.pathname === "/c/list.json";
  if (!isPage && !FILES.includes(url.pathname) && !url.pathname.startsWith("/static/")) return;
  event.respondWith(isPage ? networkFirst(event.request, url.pathname) : keptFirst(event.request));
});
async function networkFirst(request, path) {
  const kept = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(path, answer.clone());
    return answer;
  } catch {
    return (await kept.match(path)) || Response.error();
  }
}
async function keptFirst(request) {
  const kept = await caches.open(NAME);
  const found = await kept.match(request, { ignoreSearch: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}
{% endautoescape %}
