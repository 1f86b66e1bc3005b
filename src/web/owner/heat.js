// heat.js: when people shop: hour by weekday, darker where more is sold. The shop sums up by hour
// over any days; the days are asked one by one, for each is a small sum that it has at hand.
import { html } from '../base/ui.js'
import { money, t } from '../base/words.js'
import { WEEKDAYS, dayPlus, daysOf, weekdayOf } from './period.js'
import { sales } from './source.js'

export const HEAT_DAYS_MAX = 28
const LEVELS = 5
const HOURS = [...Array(24).keys()]
const two = (n) => String(n).padStart(2, '0')

/** The days that are asked: the last four whole weeks of the period at most. */
export const heatFrom = (from, to) =>
  (daysOf(from, to) > HEAT_DAYS_MAX ? dayPlus(to, 1 - HEAT_DAYS_MAX) : from)

let turn = 0

/** [weekday][hour] -> sum. Whoever asks anew ends the question before. */
export async function heatAsk(from, to) {
  const mine = ++turn
  const sums = WEEKDAYS.map(() => HOURS.map(() => 0))
  for (let day = heatFrom(from, to); day <= to && mine === turn; day = dayPlus(day, 1)) {
    const { rows } = await sales('hour', day, day)
    for (const r of rows)
      sums[weekdayOf(day)][Number(r.key)] += r.total_minor
  }
  return sums
}

/** Where most was sold: {day, hour, sum}; null where nothing was. */
export function heatMost(sums) {
  let most = null
  sums.forEach((row, d) => row.forEach((sum, h) => {
    if (sum > (most?.sum ?? 0))
      most = { day: WEEKDAYS[d], hour: h, sum }
  }))
  return most
}

/** Heat({sums, currency}) */
export function Heat({ sums, currency }) {
  const top = heatMost(sums)?.sum ?? 0
  const level = (n) => (n > 0 ? Math.max(1, Math.ceil(n * LEVELS / top)) : 0)
  return html`<div class="heat" role="img" aria-label=${t('sales_heat_label')}>
    <span></span>${HOURS.map((h) => html`<span key=${h} class="head hour">${two(h)}</span>`)}
    ${WEEKDAYS.map((d, i) => html`<span class="head" key=${d}>${t(d).slice(0, 3)}</span>
      ${HOURS.map((h) => html`<span key=${`${d}${h}`} class=${`cell l${level(sums[i][h])}`}
        title=${t('sales_heat_cell', { day: t(d), hour: two(h), sum: money(sums[i][h], currency) })}
        ></span>`)}`)}</div>`
}

/** The same as a table: an hour a row. */
export function heatTable(sums, currency) {
  return {
    columns: [{ head: t('hour'), main: true, cell: (h) => `${two(h)}–${two((h + 1) % 24)}` },
      ...WEEKDAYS.map((d, i) => ({ head: t(d).slice(0, 3), num: true,
        cell: (h) => (sums[i][h] ? money(sums[i][h], currency) : '–') }))],
    rows: HOURS.filter((h) => sums.some((row) => row[h] !== 0)), id: (h) => h,
  }
}
