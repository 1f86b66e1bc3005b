// office.js: asking the office: each request is signed by this browser's key for itself alone, and
// what the office says of that key (`who`) decides what is shown. The office decides what is done.
import { ask, Problem } from '../base/api.js'
import { keyGet } from '../base/key.js'
import { signal } from '../base/signal.js'
import { t } from '../base/words.js'
import { inWords } from './words_problems.js'

/** Long answers: an export, an import, a page of ten thousand lines. */
export const LONG_MS = 120000
const AUDIENCE = 'office/admin'

/** {name, kind, rights, reads, shops, global, member}; null: the office does not know this key;
 * undefined: not asked yet. */
export const who = signal(undefined)

/** office('/v1/shops', {…}): as ask() of base/api.js, signed. */
export async function office(path, o = {}) {
  const key = await keyGet()
  if (!key)
    throw new Problem(401, { code: 'no_key', detail: t('no_key') })
  try {
    return await ask(path, { ...o, signed: await key.sign(AUDIENCE) })
  } catch (why) {
    // our clock is not the office's: with its nonce the token's times are not held against us
    if (why.code === 'stale' && why.nonce)
      return ask(path, { ...o, signed: await key.sign(AUDIENCE, unhex(why.nonce)) })
        .catch((again) => { throw inWords(again) })
    if (why.status === 401 && who.value)
      who.value = null
    throw inWords(why)
  }
}

const unhex = (s) => Uint8Array.from(s.match(/../g) ?? [], (two) => parseInt(two, 16))

/** Asks who we are; throws only where nobody answered. */
export async function whoLook() {
  try {
    who.value = await office('/v1/whoami')
  } catch (why) {
    if (why.status !== 401 && why.status !== 403)
      throw why
    who.value = null
  }
  return who.value
}

const over = (shop) => shop === undefined || who.value.shops.includes('*') ||
  who.value.shops.includes(shop)

/** may('money', 'viken'): whether we may change there; without a shop: anywhere. */
export const may = (right, shop) => Boolean(who.value?.rights.includes(right) && over(shop))

/** sees('money', 'viken'): whether we may at least read. */
export const sees = (right, shop) => may(right, shop) ||
  Boolean(who.value?.reads.includes(right) && over(shop))

/** Whether we may over what belongs to no single shop. */
export const mayEverywhere = (right) => may(right) && who.value.global

/** The same, for reading. */
export const seesEverywhere = (right) => sees(right) && who.value.global

/** query('/v1/members', {q: 'anna', shop: ''}) -> '/v1/members?q=anna': what is empty is left out. */
export function query(path, values) {
  const q = new URLSearchParams(Object.entries(values)
    .filter(([, v]) => v !== '' && v !== null && v !== undefined && v !== false))
  return q.size ? `${path}?${q}` : path
}

/** A key for what must not be done twice. */
export const onceKey = () => crypto.randomUUID().replaceAll('-', '').slice(0, 20)
