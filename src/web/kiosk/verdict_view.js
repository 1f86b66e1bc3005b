// verdict_view.js: what became of a code at the scanner, over the whole screen: a sign, a heading, and
// the sentence that the box says with it: what happened, what to do next.
import { useEffect } from 'preact/hooks'
import { html } from '../base/ui.js'
import { known, language, t } from '../base/words.js'
import { Icon } from './icons.js'
import { Press, View } from './view.js'

const SIGNS = {
  admitted: 'ok', malformed: 'code', unknown_key: 'phone', bad_signature: 'code',
  wrong_audience: 'code', too_long_lived: 'phone', nonce_unknown: 'code', predates_start: 'wait',
  not_yet_valid: 'wait', expired: 'wait', clock_untrusted: 'scanner', replayed: 'again',
  revoked: 'pass', blocked: 'person', locked_down: 'lock', closed_hours: 'wait', shop_full: 'people',
  credit_exhausted: 'coins', overdue: 'coins', pin_required: 'pin', pin_wrong: 'pin',
  ledger_unavailable: 'alarm',
}
/** Waiting or another way helps; the rest is a no. */
const SOFT = ['nonce_unknown', 'predates_start', 'clock_untrusted', 'replayed', 'expired',
  'not_yet_valid', 'shop_full', 'closed_hours', 'pin_required', 'ledger_unavailable']

export const verdictTitle = (v) =>
  t(known(`verdict_${v.verdict}`) ? `verdict_${v.verdict}` : 'verdict_other')
export const verdictText = (v) => v.text?.[language()] ?? t(v.verdict === 'admitted'
  ? 'admitted_text' : 'verdict_other_text')
export const verdictKind = (v) =>
  v.verdict === 'admitted' ? 'ok' : SOFT.includes(v.verdict) ? 'warn' : 'alarm'

export function VerdictView({ verdict, onOver }) {
  useEffect(() => document.querySelector('main')?.focus?.(), [])
  return html`<${View} name="verdict" kind=${verdictKind(verdict)} title=${verdictTitle(verdict)}
      keys=${{ Escape: onOver }}
      foot=${html`<${Press} kind="primary" onPress=${onOver}>${t('ok')}</${Press}>`}>
    <div class="grave" role="alert" data-lead>
      <${Icon} name=${SIGNS[verdict.verdict] ?? 'no'} />
      <p>${verdictText(verdict)}</p>
    </div></${View}>`
}
