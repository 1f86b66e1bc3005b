// unlock.js: "open the door" by the net. A token is never answered twice: after a lost answer a new one
// is signed, and joins the visit. Where the shop says that a clock is wrong, the door's challenge is
// fetched and the token bears its nonce: the shopper notices nothing.
import { ask } from '../base/api.js'
import { challengeRead } from '../base/key.js'

const CLOCK = new Set(['expired', 'not_yet_valid', 'clock_untrusted', 'nonce_unknown', 'predates_start'])
const TRIES = 3
const ANSWER_MS = 4000 // somebody stands at the door

/** {decision, visit, unlock_ms}; throws the Problem that stands in the way. */
export async function unlock(key, shop, door) {
  let nonce
  for (let i = 1; ; i++) {
    try {
      const said = await ask(`/v1/door/${door}/unlock`,
        { token: await key.sign(`${shop}/${door}`, nonce), ms: ANSWER_MS })
      return said
    } catch (why) {
      if (i === TRIES)
        throw why
      if (CLOCK.has(why.code))
        nonce = await challenge(door, why)
      else if (why.status !== 0 && why.code !== 'replayed')
        throw why
    }
  }
}

async function challenge(door, refusal) {
  try {
    const { challenge: text } = await ask(`/v1/door/${door}/challenge`, { ms: ANSWER_MS })
    return challengeRead(text)?.nonce
  } catch {
    throw refusal // the door says no challenge: what it said before is what helps
  }
}
