// away_view.js: the box does not answer. Nobody should stand before a frozen picture: the screen says
// what is so, what is kept, and what to do meanwhile; it goes on by itself.
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { Icon } from './icons.js'
import { Press, View } from './view.js'

export function AwayView({ door, till, opening }) {
  if (opening)
    return html`<${View} name="away" kind="info" title=${t('opening_title')}>
      <div class="grave"><${Icon} name="wait" /><p>${t('loading')}</p></div></${View}>`
  return html`<${View} name="away" kind="warn" title=${t('away_title')}>
    <div class="grave" role="alert" data-lead><${Icon} name="wait" /><div>
      ${door && html`<p>${t('away_door')}</p><p>${t('away_out')}</p>`}
      ${till && html`<p>${t('away_till')}</p><p>${t('away_till_then')}</p>`}
    </div></div></${View}>`
}

/** The address names a door or till that this shop has not. */
export function UnknownView({ onChoose }) {
  return html`<${View} name="away" kind="warn" title=${t('unknown_title')}
      foot=${html`<${Press} onPress=${onChoose}>${t('choose_again')}</${Press}>`}>
    <div class="grave" data-lead><${Icon} name="help" /><p>${t('unknown_text')}</p></div></${View}>`
}
