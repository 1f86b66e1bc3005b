// outcome.js: what came of the last thing done, in words: for the eye as they stand, for the ear
// without amounts and names unless it has headphones on.
import { useEffect } from 'preact/hooks'
import { money, t } from '../base/words.js'
import { announce } from './speech.js'
import { outcome } from './visit.js'

const GOOD_MS = 8000 // what went well need not be confirmed

/** -> {open, own, spoken}: into the speaker; for the eye; into headphones, where it is more. */
export function said(o) {
  const total = o.visit_total_minor === undefined ? ''
    : ` ${t('out_total', { amount: money(o.visit_total_minor, o.currency) })}`
  switch (o.kind) {
  case 'refused':
    return { open: `${t('refused_title')} ${o.text ?? ''}`, own: o.text ?? t('problem_unknown') }
  case 'basket': {
    const n = t('out_basket', { n: o.taken })
    const rest = o.refused ? ` ${t('out_basket_refused', { n: o.refused, text: o.text ?? '' })}` : ''
    return { open: n + rest, own: n + rest, spoken: n + total + rest }
  }
  case 'taken': {
    const own = t('out_taken', { name: o.name, amount: money(o.total_minor, o.currency) })
    return { open: t('out_taken_open'), own, spoken: own + total }
  }
  default:
    return { open: t(`out_${o.kind}_open`), own: t(`out_${o.kind}`, { name: o.name }),
      spoken: t(`out_${o.kind}`, { name: o.name }) + total }
  }
}

/** The outcome as it is shown; what went well goes by itself. */
export function useOutcome() {
  const now = outcome.use()
  useEffect(() => {
    if (!now || now.kind === 'refused' || now.kind === 'rescan' || now.refused)
      return undefined
    const timer = setTimeout(() => {
      if (outcome.value === now)
        outcome.value = null
    }, GOOD_MS)
    return () => clearTimeout(timer)
  }, [now])
  return now
}

/** Spoken wherever the person is: the scanner works in every view. */
outcome.watch((o) => {
  if (!o)
    return
  const words = said(o)
  announce(words.open, words.spoken ?? words.own)
})
