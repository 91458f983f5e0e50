// Reads and verifies the code of a certificate: the same rules as certificates/payload.py, and as strict.
const KINDS = { 1: "registration", 2: "group", 3: "branch", 4: "office", 5: "place" };
const TEXTS = ["number", "code", "name", "office", "authority"];
const CONTEXT = new TextEncoder().encode("hoptac/certificate/1\n");
const ADDRESS = /^(?:(https?):\/\/([^/?#@\s]+)\/c#)?([A-Za-z0-9_-]{90,6000})$/;
const REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

export class Malformed extends Error {}

const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

function toText(bytes) {
  let raw = "";
  for (const byte of bytes) raw += String.fromCharCode(byte);
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromText(text) {
  let raw;
  try {
    raw = atob(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4));
  } catch {
    throw new Malformed("base64url");
  }
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  if (toText(bytes) !== text) throw new Malformed("base64url");
  return bytes;
}

/** The host (or nothing) and the code of what was scanned, typed or opened. */
export function addressOf(text) {
  const found = ADDRESS.exec(text.trim());
  if (!found) throw new Malformed("address");
  return { host: found[2] || "", code: found[3] };
}

/** What a code says; throws Malformed where it is not one, or not written as the office writes it. */
export function decode(code) {
  const content = fromText(code);
  const body = content.subarray(0, -64);
  if (content.length < 73 || body[0] !== 1 || !KINDS[body[1]]) throw new Malformed("version or kind");
  let at = 8;
  const number = () => {
    let value = 0, scale = 1;
    for (let count = 0; at < body.length && count < 8; count += 1) {
      const byte = body[at++];
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) {
        // In as few bytes as can be, and no more than a double holds exactly.
        if ((count && byte === 0) || !Number.isSafeInteger(value)) break;
        return value;
      }
    }
    throw new Malformed("number");
  };
  const days = body[6] * 256 + body[7];
  const said = { kind: KINDS[body[1]], key: hex(body.subarray(2, 6)) };
  said.issued_on = new Date(days * 86_400_000).toISOString().slice(0, 10);
  const read = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (const name of TEXTS) {
    const length = number();
    if (length > 600 || at + length > body.length) throw new Malformed(name);
    let text;
    try {
      text = read.decode(body.subarray(at, at + length));
    } catch {
      throw new Malformed(name);
    }
    if (text !== text.trim() || text !== text.normalize("NFC") || REFUSED.test(text)) throw new Malformed(name);
    said[name] = text;
    at += length;
  }
  const stated = number();
  if (at !== body.length) throw new Malformed("more than it says");
  said.capital = stated ? stated - 1 : null;
  return { said, body, content, signature: content.subarray(-64) };
}

/** SHA-256 in hexadecimal; by hand where a page without https may not use the browser's. */
export async function digestOf(content) {
  if (globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", content)));
  return hex(sha256(content));
}

export function sha256(content) {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  const part = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
  const k = primes.map((p) => part(Math.cbrt(p)));
  const h = primes.slice(0, 8).map((p) => part(Math.sqrt(p)));
  const length = ((content.length + 8) >> 6) + 1 << 6;
  const padded = new Uint8Array(length);
  padded.set(content);
  padded[content.length] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(content.length / 2 ** 29));
  view.setUint32(length - 4, content.length << 3);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const w = new Uint32Array(64);
  for (let start = 0; start < length; start += 64) {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) { w[i] = view.getUint32(start + 4 * i); continue; }
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, z] = h;
    for (let i = 0; i < 64; i += 1) {
      const one = (z + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) >>> 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [z, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
    }
    [a, b, c, d, e, f, g, z].forEach((value, i) => { h[i] = (h[i] + value) >>> 0; });
  }
  const out = new DataView(new ArrayBuffer(32));
  h.forEach((value, i) => out.setUint32(4 * i, value));
  return new Uint8Array(out.buffer);
}

// The order of the curve's group, lowest byte first.
const ORDER = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/** Whether the second half of a signature is below the group's order: else anybody can write it otherwise. */
export function isReduced(signature) {
  for (let i = 31; i >= 0; i -= 1) {
    if (signature[32 + i] !== ORDER[i]) return signature[32 + i] < ORDER[i];
  }
  return false;
}

/** Whether a key signed a code: by the browser's own cryptography, else by the vendored one. */
export async function isSigned(read, publicKey, loadNacl) {
  if (!isReduced(read.signature)) return false;
  const key = unhex(publicKey);
  const message = new Uint8Array(CONTEXT.length + read.body.length);
  message.set(CONTEXT);
  message.set(read.body, CONTEXT.length);
  try {
    const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, read.signature, message);
  } catch {
    const nacl = await loadNacl();
    return nacl.sign.detached.verify(message, read.signature, key);
  }
}

/** "foreign", "forged", "stolen" (only the office can tell) or "signed". */
export async function judge(read, keys, loadNacl) {
  const key = keys.find((k) => k.id === read.said.key);
  if (!key) return "foreign";
  if (!(await isSigned(read, key.public, loadNacl))) return "forged";
  if (key.compromised) return "stolen";
  return key.last_on && read.said.issued_on > key.last_on ? "forged" : "signed";
}
