// basket_code.js: the basket as codes for the till's reader: `SKB1:` and base45 of a deterministic CBOR
// array [[key, gtin, quantity, seconds], …], at most twelve lines and 512 characters a code. The key is
// the line's own: sent later by the phone it is the same line. Pure.
import { array, base45, bytes, uint } from '../base/cbor.js'

const LINES_MAX = 12
const TEXT_MAX = 512

function keyBytes(key) {
  const text = atob(key.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

const item = (l) => array(bytes(keyBytes(l.key)), uint(Number(l.code)), uint(l.quantity),
  uint(Math.floor(l.at / 1000)))
const textOf = (items) => `SKB1:${base45(array(...items))}`

/** [{text, keys}] in the order scanned; every line must be `showable`. */
export function basketCodes(lines) {
  const codes = []
  let items = []
  let keys = []
  const flush = () => {
    if (items.length)
      codes.push({ text: textOf(items), keys })
    items = []
    keys = []
  }
  for (const l of [...lines].sort((a, b) => a.at - b.at)) {
    const next = item(l)
    if (items.length === LINES_MAX || textOf([...items, next]).length > TEXT_MAX)
      flush()
    items.push(next)
    keys.push(l.key)
  }
  flush()
  return codes
}
