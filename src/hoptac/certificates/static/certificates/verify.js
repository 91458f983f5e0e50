// The page /c: takes a code from the address, the camera, a picture or a text, and says what it is worth.
// Works without network once it was opened; then it says of which moment its knowledge is.
const place = document.getElementById("check");
const paths = place.dataset;
const code = await import(paths.code);
const loadNacl = async () => { await import(paths.nacl); return globalThis.nacl; };
const KEPT = "certificates-list";
const result = document.getElementById("result");
const say = document.getElementById("said");

const day = (iso) => iso.slice(0, 10).split("-").reverse().join("/");
const moment = (iso) => new Date(iso).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN",
  { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });

async function ask(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(8000), cache: "no-cache" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function lists() {
  try {
    const found = await ask(paths.list);
    try { localStorage.setItem(KEPT, JSON.stringify(found)); } catch { /* a private window keeps nothing */ }
    return found;
  } catch {
    try { return JSON.parse(localStorage.getItem(KEPT)); } catch { return null; }
  }
}

async function show(text) {
  let read, host;
  try {
    const found = code.addressOf(text);
    host = found.host;
    read = code.decode(found.code);
  } catch (error) {
    if (!(error instanceof code.Malformed)) throw error;
    return draw({ verdict: "unreadable" });
  }
  result.setAttribute("aria-busy", "true");
  const known = await lists();
  if (!known) return draw({ verdict: "unknown" }, read.said);
  const elsewhere = host && host !== paths.host ? host : "";
  const found = await code.judge(read, known.keys, loadNacl);
  if (found === "foreign" || found === "forged") return draw({ verdict: found, host: elsewhere }, read.said);
  const digest = await code.digestOf(read.content);
  try {
    return draw({ ...(await ask(paths.status + digest)), isNow: true, host: elsewhere }, read.said);
  } catch {
    if (found === "stolen") return draw({ verdict: "unknown" }, read.said);
    const short = digest.slice(0, 16);
    const state = Object.keys(known.not_in_force).find((s) => known.not_in_force[s][short]) || "valid";
    const since = known.not_in_force[state]?.[short];
    return draw({ verdict: state, since, as_of: known.as_of, isNow: false, host: elsewhere }, read.said);
  }
}

function draw(answer, said) {
  const drawn = document.getElementById(`verdict-${answer.verdict}`).content.cloneNode(true);
  const fill = (name, value) => {
    const row = drawn.querySelector(`[data-of="${name}"]`);
    if (!row) return;
    if (value === undefined || value === null || value === "") row.remove();
    else row.querySelector("[data-value]").textContent = value;
  };
  fill("since", answer.verdict !== "valid" && answer.since ? day(answer.since) : "");
  fill("current", answer.current ? `${answer.current.number} (${day(answer.current.issued_on)})` : "");
  fill("now", answer.isNow === true ? moment(answer.as_of) : "");
  fill("offline", answer.isNow === false ? moment(answer.as_of) : "");
  fill("host", answer.host);
  const facts = drawn.querySelector("[data-facts]");
  if (said && !["unreadable", "forged"].includes(answer.verdict)) {
    fill("kind", facts.dataset[said.kind]);
    for (const name of ["number", "code", "name", "office", "authority"]) fill(name, said[name]);
    fill("issued_on", day(said.issued_on));
    fill("capital", said.capital === null ? "" : `${said.capital.toLocaleString("vi-VN")} đ`);
    fill("status", answer.status);
  } else facts?.remove();
  result.replaceChildren(drawn);
  result.removeAttribute("aria-busy");
  result.hidden = false;
  result.querySelector("h2").focus();
  document.body.dataset.verdict = answer.verdict;
}

// --- Where a code comes from ---------------------------------------------------------------------

const fromAddress = () => { if (location.hash.length > 20) show(`${location.origin}/c${location.hash}`.replace(location.origin, `https://${paths.host}`)); };
addEventListener("hashchange", fromAddress);

const form = document.getElementById("by-text");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(form.elements.text.value);
});

let detector = null;
async function read(source, width, height) {
  if (detector === null && "BarcodeDetector" in globalThis) {
    try { detector = new BarcodeDetector({ formats: ["qr_code"] }); } catch { detector = false; }
  }
  if (detector) {
    try {
      const found = await detector.detect(source);
      if (found.length) return found[0].rawValue;
    } catch { detector = false; }
  }
  await import(paths.qr);
  const canvas = document.createElement("canvas");
  for (const most of [1000, 1800, 600]) {
    // A small picture is read better enlarged.
    const scale = Math.min(3, most / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    const image = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = globalThis.jsQR(image.data, image.width, image.height);
    if (found) return found.data;
    if (source instanceof HTMLVideoElement) return "";
  }
  return "";
}

document.getElementById("picture").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (!file) return;
  say.textContent = "";
  try {
    const image = await createImageBitmap(file);
    const text = await read(image, image.width, image.height);
    if (text) show(text);
    else say.textContent = say.dataset.none;
  } catch {
    say.textContent = say.dataset.none;
  }
  event.target.value = "";
});

const camera = document.getElementById("camera");
const video = document.getElementById("video");
if (navigator.mediaDevices?.getUserMedia) camera.hidden = false;
function stop() {
  for (const track of video.srcObject?.getTracks() || []) track.stop();
  video.srcObject = null;
  video.hidden = true;
  camera.setAttribute("aria-pressed", "false");
}
camera.addEventListener("click", async () => {
  if (video.srcObject) return stop();
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    camera.setAttribute("aria-pressed", "true");
    await video.play();
  } catch {
    stop();
    say.textContent = say.dataset.camera;
    return;
  }
  while (video.srcObject) {
    const text = video.videoWidth ? await read(video, video.videoWidth, video.videoHeight) : "";
    if (text && video.srcObject) { stop(); show(text); return; }
    await new Promise((done) => { setTimeout(done, 200); });
  }
});

if ("serviceWorker" in navigator && isSecureContext) {
  navigator.serviceWorker.register(paths.worker, { scope: "/c" }).catch(() => {});
}
if (location.hash.length > 20) fromAddress();
else lists();
document.body.dataset.ready = "yes";
