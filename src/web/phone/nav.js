// nav.js: the way between the four places, under the thumb.
import { html } from '../base/ui.js'
import { t } from '../base/words.js'
import { unsent } from './unsent.js'

const ICONS = {
  door: 'M6 21V3h10v18M16 21h3M5 21h1M13 12h.01',
  shop: 'M4 8h16l-1.5 11h-13zM8 8l3-5M16 8l-3-5',
  receipts: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6',
}
/** Views that belong to another's tab. */
export const HOME = { with: 'shop', till: 'shop' }

export function Nav({ name }) {
  const waiting = unsent.use()
  const here = HOME[name] ?? name
  return html`<nav class="tabs" aria-label=${t('nav')}>
    ${Object.entries(ICONS).map(([id, d]) => html`<a key=${id} href=${`#/${id}`}
        aria-current=${id === here ? 'page' : undefined}>
      <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor"
        stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d=${d} /></svg>
      <span>${t(`nav_${id}`)}</span>
      ${id === 'shop' && waiting > 0 && html`<b class="count">${waiting}<span class="unseen">
        ${' '}${t('nav_unsent', { n: waiting })}</span></b>`}</a>`)}
  </nav>`
}
