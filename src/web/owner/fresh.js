// fresh.js: whether what is shown is still true. Nothing old is shown as if it were now.
import { useEffect, useState } from 'preact/hooks'
import { html, Age, Failed, Notice } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { live, liveAsk } from './live.js'
import { STALE_S, atShop } from './source.js'

const LOOK_MS = 5000
const old = (at) => Date.now() - new Date(at).getTime() > STALE_S * 1000

/** Hook: since when nothing fresh was heard, or null where all is well. `at` is our own clock's. */
export function useOld() {
  const l = live.use()
  const [, beat] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => beat((n) => n + 1), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  if (!l.at)
    return null
  if (l.now.silent)
    return l.now.heard_at ?? 'never'
  return old(l.at) ? l.at : null
}

/** NotFresh(): says it, where it is so. */
export function NotFresh() {
  const l = live.use()
  const since = useOld()
  if (since === 'never')
    return html`<${Notice} kind="warn">${t('never_heard')}</${Notice}>`
  if (since)
    return html`<${Notice} kind="warn">${t('not_heard', { at: moment(since) })}${' '}
      (<${Age} at=${since} stale_s=${0} />)${' '}${l.why?.message}</${Notice}>`
  return l.why ? html`<${Failed} why=${l.why} onAgain=${liveAsk} />` : null
}

/** Through(): that the office answers here, not the shop. */
export const Through = () => (atShop() ? null
  : html`<${Notice}>${t('through_office')} <span>${t('heard_at')} <${Age}
    at=${live.value.now?.heard_at} stale_s=${STALE_S} />.</span></${Notice}>`)

/** Gone({asked}): what is said in the place of a value that could not be had; null where it was. */
export function Gone({ asked }) {
  if (!asked.why)
    return null
  return asked.why.away ? html`<${Notice}>${asked.why.message}</${Notice}>`
    : html`<${Failed} why=${asked.why} onAgain=${asked.again} />`
}
