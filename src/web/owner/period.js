// period.js: days of the shop's own calendar, and the choice of some of them.
import { place } from '../base/place.js'
import { html, Field } from '../base/ui.js'
import { t } from '../base/words.js'
import './words_trade.js'

const DAY_MS = 86400000

/** Today where the shop is: "2026-11-22". */
export function today() {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: place.value?.time_zone, year: 'numeric',
    month: '2-digit', day: '2-digit' }).format(new Date())
}

/** A day so many days later (or earlier). Days are counted in UTC, which has no summer time. */
export const dayPlus = (day, n) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY_MS).toISOString().slice(0, 10)

/** How many days from one to the other, both counted. */
export const daysOf = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1

/** 1 to 7, Monday first. */
export const weekdayOf = (day) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const LENGTHS = [7, 28, 91, 365]
const DAYS_MAX = 400 // the shop sums up no more at once

export const lastDays = (n) => ({ from: dayPlus(today(), 1 - n), to: today() })

/** Period({from, to, onChange({from, to})}) */
export function Period({ from, to, onChange }) {
  const length = to === today() ? LENGTHS.find((n) => n === daysOf(from, to)) : undefined
  const own = (next) => {
    const { from: f, to: u } = { from, to, ...next }
    if (f && u && f <= u && daysOf(f, u) <= DAYS_MAX)
      onChange({ from: f, to: u })
  }
  return html`<div class="period"><div class="choice" role="group" aria-label=${t('period')}>
      ${LENGTHS.map((n) => html`<button type="button" key=${n} aria-pressed=${String(n === length)}
        onClick=${() => onChange(lastDays(n))}>${t(`days_${n}`)}</button>`)}</div>
    <div class="two"><${Field} type="date" label=${t('from_day')} value=${from} max=${to}
        onInput=${(v) => own({ from: v })} />
      <${Field} type="date" label=${t('to_day')} value=${to} min=${from} max=${today()}
        onInput=${(v) => own({ to: v })} /></div></div>`
}
