// key.js: the key of this browser and what it signs. The key is made here and cannot be taken out
// (non-extractable WebCrypto): who wants to be this phone has to hold it. A token is signed for one
// use: COSE_Sign1 over CWT claims, as `SK1:` text in a QR code or as bytes in a request.
//
//   const key = await keyGet() ?? await keyMake()
//   await key.sign('viken/front')             a token's bytes, good for a minute
//   tokenText(bytes)                          what the scanner at the door reads
import { array, base45, base45Decode, base64url, bytes, head, hex, joined, map, negative, text, uint }
  from './cbor.js'
import { kvDelete, kvGet, kvPut } from './db.js'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const HASH = { name: 'ECDSA', hash: 'SHA-256' }
/** Seconds that a token is good for: renewed long before, and useless to who photographs it later. */
export const TOKEN_LIFE_S = 60
// The shop takes no token that is signed later than its own clock plus 10 s: ours may be a little
// ahead without the shopper having to know.
const BACKDATED_S = 5

function made({ pair, x, y, kid }) {
  const cose = coseKey(x, y)
  return {
    kid: hex(kid),
    /** What `shopctl member add --key` and POST /v1/register take: hex of the public COSE_Key. */
    hex: hex(cose),
    /** A token for this audience; with the door's nonce its times are not held against a clock.
     * `ahead_ms`: how far this browser's clock is known to be ahead of the server's. */
    async sign(audience, nonce, ahead_ms = 0) {
      const now = Math.floor((Date.now() - ahead_ms) / 1000)
      const cti = crypto.getRandomValues(new Uint8Array(8))
      const payload = map(
        [uint(3), text(audience)],
        [uint(4), uint(now + TOKEN_LIFE_S - BACKDATED_S)],
        [uint(6), uint(now - BACKDATED_S)],
        [uint(7), bytes(cti)],
        ...(nonce ? [[uint(10), bytes(nonce)]] : []))
      const header = map([uint(1), negative(-7)], [uint(4), bytes(kid)])
      const signed = array(text('Signature1'), bytes(header), bytes(new Uint8Array()),
        bytes(payload))
      const signature = new Uint8Array(await crypto.subtle.sign(HASH, pair.privateKey, signed))
      return joined(head(6, 18), array(bytes(header), map(), bytes(payload), bytes(signature)))
    },
  }
}

function coseKey(x, y) {
  return map([uint(1), uint(2)], [negative(-1), uint(1)], [negative(-2), bytes(x)],
    [negative(-3), bytes(y)])
}

/** The key of this browser, or null where there is none yet. */
export async function keyGet() {
  const kept = await kvGet('key')
  return kept ? made(kept) : null
}

/** A new key, kept in place of an older one. */
export async function keyMake() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const [x, y] = [raw.slice(1, 33), raw.slice(33)]
  const sum = await crypto.subtle.digest('SHA-256', coseKey(x, y))
  const kept = { pair, x, y, kid: new Uint8Array(sum).slice(0, 8) }
  await kvPut('key', kept)
  return made(kept)
}

/** This browser is nobody any more. */
export function keyForget() {
  return kvDelete('key')
}

/** The text of a QR code for a scanner. */
export const tokenText = (token) => `SK1:${base45(token)}`

/** The value of an Authorization header. */
export const authorization = (token) => `SK1 ${base64url(token)}`

/** What a door's screen shows (`SKN1:…`) -> {audience, nonce}, or null where it is none. */
export function challengeRead(s) {
  const b = s.startsWith('SKN1:') ? base45Decode(s.slice(5)) : null
  if (!b || b[0] !== 0x82 || b[1] < 0x61 || b[1] > 0x77)
    return null
  const end = 2 + (b[1] - 0x60)
  if (b[end] !== 0x50 || b.length !== end + 17)
    return null
  return { audience: new TextDecoder().decode(b.slice(2, end)), nonce: b.slice(end + 1) }
}
