// pass_paper.js: a pass as it is printed: A6, both languages, whoever carries it reads one of them.
import { place } from '../base/place.js'
import { Qr } from '../base/qr.js'
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { A6, usePaper } from './paper.js'
import './words_people.js'

const times = (locale) => (p) => {
  const f = new Intl.DateTimeFormat(locale, { timeZone: place.value.time_zone, day: 'numeric',
    month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
  return `${f.format(new Date(p.not_before))} – ${f.format(new Date(p.expires_at))}`
}

function Words({ lang, pass, locale }) {
  const say = (key) => t(`pass_sheet_${key}_${lang}`, { shop: place.value.shop })
  return html`<div lang=${lang}><p><strong>${say('time')}:</strong> ${times(locale)(pass)}</p>
    <p>${say('how')}${pass.wants_pin && ` ${say('pin')}`}</p></div>`
}

/** PassPaper({pass: {label, code, not_before, expires_at, wants_pin}}) */
export function PassPaper({ pass }) {
  usePaper(A6)
  return html`<div class="paper a6 pass"><p class="shop">${place.value.shop}</p>
    <h3>${pass.label}</h3>
    <${Qr} text=${pass.code} label=${t('pass_qr')} />
    <${Words} lang="sv" locale="sv-SE" pass=${pass} /><${Words} lang="en" locale="en-GB" pass=${pass} />
    <p class="small lost"><span lang="sv">${t('pass_sheet_lost_sv')}</span>
      <br /><span lang="en">${t('pass_sheet_lost_en')}</span></p></div>`
}
