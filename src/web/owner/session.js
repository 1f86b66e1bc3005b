// session.js: who sits here, and how that is proven. On the shop's Wi-Fi the box gives a cookie for
// one token of this browser's key, and every write bears a token of its own; away from it the office
// takes a token with every question. A session that ran out is renewed without a word.
import { ask } from '../base/api.js'
import { base64url } from '../base/cbor.js'
import { keyGet, keyMake } from '../base/key.js'
import { officeAt, place, placeLook, reach } from '../base/place.js'
import { signal } from '../base/signal.js'

/**
 * {state, role, name, why}
 *   looking      not known yet
 *   away         neither shop nor office answers
 *   no_storage   the browser keeps no keys (private window)
 *   no_key       this browser has no key yet
 *   unknown      it has one that nobody has let in yet
 *   not_owner    it is a member's, and no more than that
 *   refused      blocked, or the clocks disagree: `why` says it
 *   out          signed out by hand
 *   in           `role` owner or staff
 */
export const who = signal({ state: 'looking' })

/** The key of this browser, once looked for; null: none. */
export let key = null
let renewing = null
const OUT = 'owner_signed_out'

function signedOut(set) {
  try {
    if (set === true)
      localStorage.setItem(OUT, '1')
    else if (set === false)
      localStorage.removeItem(OUT)
    return localStorage.getItem(OUT) === '1'
  } catch {
    return false
  }
}

const shopToken = () => key.sign(`${place.value.shop}/owner`)
const officeToken = () => key.sign('office/admin')

/** Looks where we are and who this browser is; `who` says what came of it. Never throws. */
export async function signIn({ byHand } = {}) {
  if (byHand)
    signedOut(false)
  try {
    key = await keyGet()
  } catch (why) {
    who.value = { state: 'no_storage', why }
    return
  }
  await placeLook()
  if (signedOut())
    who.value = { state: 'out' }
  else if (!place.value || reach.value === 'none')
    who.value = { state: 'away' }
  else if (!key)
    who.value = { state: 'no_key' }
  else
    await prove()
}

async function prove() {
  try {
    who.value = place.value.here === 'office' ? await proveOffice() : await proveShop()
  } catch (why) {
    who.value = stateOf(why)
  }
}

async function proveShop() {
  const session = await ask('/v1/session', { token: await shopToken() })
  return { state: 'in', role: session.role }
}

async function proveOffice() {
  const me = await ask('/v1/whoami', { signed: await officeToken() })
  const mine = me.shops.includes('*') || me.shops.includes(place.value.shop)
  return mine ? { state: 'in', role: 'owner', name: me.name, office: me } : { state: 'not_owner' }
}

function stateOf(why) {
  if (why.status === 0)
    return { state: 'away', why }
  if (why.code === 'unknown_key' || (why.status === 401 && why.code === 'unauthorized'))
    return { state: 'unknown', why }
  return why.code === 'forbidden' ? { state: 'not_owner', why } : { state: 'refused', why }
}

/** A key for this browser, where there is none. */
export async function keyNeeded() {
  key ??= await keyMake()
  return key
}

/** Registers this browser's key at the office with an invitation's code. Throws Problem. */
export async function register(code, party, language) {
  await keyNeeded()
  return ask('/v1/register', { at: officeAt(), json: { code, key: key.hex, language,
    token: base64url(await key.sign('office/register')), ...(party ? { party } : {}) } })
}

export async function signOut() {
  signedOut(true)
  who.value = { state: 'out' }
  // also where the box does not answer: here nobody is signed in any more
  if (place.value?.here === 'shop')
    await ask('/v1/session', { method: 'DELETE', json: {} }).catch(() => {})
}

/** Reads from the box under the session. Throws Problem. */
export async function read(path, o) {
  try {
    return await ask(path, o)
  } catch (why) {
    if (why.status !== 401)
      throw why
    await renewed()
    return ask(path, o)
  }
}

/** A new session in place of one that ran out; one question for all who need it. */
export async function renewed() {
  renewing ??= proveShop().finally(() => { renewing = null })
  try {
    who.value = await renewing
  } catch (why) {
    if (why.status !== 0)
      who.value = stateOf(why)
    throw why
  }
}

/** A write at the box: signed for itself alone. Throws Problem. */
export async function write(path, o = {}) {
  return ask(path, { ...o, signed: await shopToken() })
}

/** The token itself, where it is the whole of what is said. */
export async function writeToken(path) {
  return ask(path, { token: await shopToken() })
}

/** Asks the office, signed. Throws Problem. */
export async function askOffice(path, o = {}) {
  return ask(path, { ...o, at: officeAt(), signed: await officeToken() })
}
