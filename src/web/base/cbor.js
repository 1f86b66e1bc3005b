// cbor.js: the few forms of CBOR (RFC 8949, deterministic encoding 4.2) that tokens and baskets need,
// and base45 (RFC 9285), which QR codes carry best.

const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    all.set(p, at)
    at += p.length
  }
  return all
}

/** The shortest head of an item: major type 0..7 and its argument, an integer up to 2^53 - 1. */
export function head(major, argument) {
  const first = major << 5
  const rest = (info, width) => {
    const bytes = new Uint8Array(1 + width)
    bytes[0] = first | info
    let left = argument
    for (let i = width; i > 0; i--) {
      bytes[i] = left % 256
      left = Math.floor(left / 256)
    }
    return bytes
  }
  if (argument < 24)
    return Uint8Array.of(first | argument)
  if (argument < 0x100)
    return rest(24, 1)
  if (argument < 0x10000)
    return rest(25, 2)
  return argument < 0x100000000 ? rest(26, 4) : rest(27, 8)
}

export const uint = (n) => head(0, n)
export const negative = (n) => head(1, -1 - n) // n < 0
export const bytes = (b) => joined(head(2, b.length), b)
export const text = (s) => {
  const b = new TextEncoder().encode(s)
  return joined(head(3, b.length), b)
}
export const array = (...items) => joined(head(4, items.length), ...items)
/** Pairs of encoded key and value, given in the order of their keys' bytes. */
export const map = (...pairs) => joined(head(5, pairs.length), ...pairs.flat())

export function base45(data) {
  let out = ''
  for (let at = 0; at < data.length; at += 2) {
    const two = at + 1 < data.length
    let n = two ? data[at] * 256 + data[at + 1] : data[at]
    for (let i = two ? 3 : 2; i > 0; i--) {
      out += BASE45[n % 45]
      n = Math.floor(n / 45)
    }
  }
  return out
}

/** The bytes of base45 text, or null where it is none. */
export function base45Decode(s) {
  if (s.length % 3 === 1)
    return null
  const out = []
  for (let at = 0; at < s.length; at += 3) {
    const digits = [...s.slice(at, at + 3)].map((c) => BASE45.indexOf(c))
    const n = digits.reduce((sum, d, i) => sum + d * 45 ** i, 0)
    if (digits.includes(-1) || n > (digits.length === 3 ? 0xffff : 0xff))
      return null
    if (digits.length === 3)
      out.push(n >> 8)
    out.push(n & 0xff)
  }
  return Uint8Array.from(out)
}

export const hex = (b) => [...b].map((x) => x.toString(16).padStart(2, '0')).join('')

export function base64url(b) {
  return btoa(String.fromCharCode(...b)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
