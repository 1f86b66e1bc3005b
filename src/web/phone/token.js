// token.js: a code for a scanner that never runs out while it is looked at: made anew 20 s before it
// would, and at once after the phone slept or its clock was set.
import { useEffect, useState } from 'preact/hooks'
import { TOKEN_LIFE_S, tokenText } from '../base/key.js'

const BEFORE_MS = 20000
const GOOD_MS = TOKEN_LIFE_S * 1000 - 5000 // the key signs its tokens a little into the past

const first = {}
/** Signs before there is a page, so that the first thing drawn is the code. */
export async function tokenPrime(key, audience) {
  const made = Date.now()
  Object.assign(first, { text: tokenText(await key.sign(audience)), made, audience })
}

/** useToken(key, 'viken/front', nonce): {text, made} or null while it is made. `made` is this
 * phone's clock; with a nonce the shop does not look at the time, and one code is enough. */
export function useToken(key, audience, nonce) {
  const [token, setToken] = useState(() => (first.audience === audience &&
    Date.now() - first.made < GOOD_MS - BEFORE_MS ? first : null))
  useEffect(() => {
    let over = false
    let made = token?.audience === audience && !nonce ? token.made : 0
    const renew = async () => {
      made = Date.now()
      const text = tokenText(await key.sign(audience, nonce))
      if (!over)
        setToken({ text, made, audience, nonce })
    }
    const look = () => {
      const age = Date.now() - made
      if (age < 0 || age >= GOOD_MS - BEFORE_MS)
        renew()
    }
    look()
    const timer = nonce ? 0 : setInterval(look, 1000)
    document.addEventListener('visibilitychange', look)
    return () => {
      over = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [key, audience, nonce])
  // a code for another door is not shown for a moment either
  return token?.audience === audience && token?.nonce === nonce ? token : null
}
