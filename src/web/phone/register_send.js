// register_send.js: POST /v1/register, as the office wants it: the invitation's code, this phone's
// key, and a token that proves that the phone holds it.
import { ask } from '../base/api.js'
import { base64url } from '../base/cbor.js'
import { keepStorage } from '../base/db.js'
import { officeAt } from '../base/place.js'
import { language } from '../base/words.js'
import { keyWanted, memberTake } from './member.js'

/** registerSend({code, party, mail}); throws Problem. Sent again with the same key it is the same. */
export async function registerSend({ code, party, mail }) {
  const key = await keyWanted()
  const said = await ask('/v1/register', { at: officeAt(), json: {
    code, key: key.hex, token: base64url(await key.sign('office/register')), language: language(),
    ...(party ? { party, mail_invoices: Boolean(mail) } : {}) } })
  keepStorage()
  await memberTake(said)
}

/** POST /v1/recover: a code by mail, if the address is a member's. Gives the minutes it holds. */
export async function recoverAsk(email) {
  return (await ask('/v1/recover', { at: officeAt(), json: { email } }))?.minutes ?? 10
}
