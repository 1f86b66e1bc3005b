// member.js: who this phone is: its key, and how that stands with the shop. The office says so where
// there is one; a shop without an office is asked by a token that opens nothing.
import { ask } from '../base/api.js'
import { kvDelete, kvGet, kvPut, rowDelete, rowsAll } from '../base/db.js'
import { keyForget, keyGet, keyMake } from '../base/key.js'
import { officeAt, place, placeLook } from '../base/place.js'
import { signal } from '../base/signal.js'
import { setTimeZone } from '../base/words.js'
import { ahead } from './ahead.js'

const LAST_WORD = 'said' // of a page that was left

/** What was to be said after a fresh start, once; null: nothing. */
export function lastWord() {
  try {
    const said = sessionStorage.getItem(LAST_WORD)
    sessionStorage.removeItem(LAST_WORD)
    return said
  } catch {
    return null // storage is forbidden, and nothing was left
  }
}

/** The key of this phone; null: none yet. */
export const key = signal(null)
/** {state: 'asks' | 'live' | 'blocked' | 'declined', by: 'office' | 'owner', at}; null: not registered. */
export const member = signal(null)
/** Why nothing can be kept here; null: it can. */
export const storage = signal(null)

/** What an opened app needs before anything is drawn; asks nobody but the phone itself. */
export async function memberLoad() {
  try {
    const [k, m, p] = await Promise.all([keyGet(), kvGet('member'), kvGet('place')])
    key.value = k
    member.value = m ?? null
    if (p) {
      setTimeZone(p.time_zone)
      place.value = p
    }
  } catch (why) {
    storage.value = why
  }
}

export async function memberSet(m) {
  member.value = m
  await kvPut('member', m)
}

/** The key, made when there is none. Throws where the browser refuses to keep it. */
export async function keyWanted() {
  try {
    key.value ??= await keyMake()
  } catch (why) {
    storage.value = why
    throw why
  }
  return key.value
}

/** office('/v1/me', {…}): a question to the office, signed by this phone. */
export async function office(path, options = {}) {
  return ask(path, { ...options, at: officeAt(),
    signed: await key.value.sign('office/me', undefined, ahead.value) })
}

/** Takes over what the office said of this member. */
export function memberTake(said) {
  return memberSet({ state: said.state, by: 'office', at: new Date().toISOString() })
}

/** Asks how it stands. Throws Problem when nobody can say; the answer is in `member`. */
export async function memberLook() {
  const p = place.value ?? await placeLook()
  if (p?.office || p?.here === 'office')
    await memberTake(await office('/v1/me'))
  else
    await shopLook(p)
}

/** Without an office: the owner's door to her page, where a member is told that he is none. */
async function shopLook(p) {
  let code
  try {
    await ask('/v1/session', { token: await key.value.sign(`${p?.shop}/owner`) })
    await ask('/v1/session', { method: 'DELETE', json: {} }).catch(() => {})
  } catch (why) {
    code = why.code
    if (!['forbidden', 'unknown_key', 'blocked'].includes(code))
      throw why
  }
  const state = code === 'unknown_key' ? 'asks' : code === 'blocked' ? 'blocked' : 'live'
  await memberSet({ state, by: 'owner', at: new Date().toISOString() })
}

/** This phone is nobody's any more; what was bought with it stays on the bill. `said`: what the person
 * is told when the page has begun afresh. */
export async function memberForget(said) {
  for (const drawer of ['lines', 'receipts'])
    for (const row of await rowsAll(drawer))
      await rowDelete(drawer, row.key ?? row.visit)
  for (const name of ['member', 'visits', 'registering', 'month'])
    await kvDelete(name)
  await keyForget()
  // a fresh start: nothing of hers is in this page's memory either
  if (typeof said === 'string')
    sessionStorage.setItem(LAST_WORD, said)
  location.hash = ''
  location.reload()
}
