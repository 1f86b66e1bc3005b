// words.js: Swedish and English, numbers, money, times. A page adds its own words with words();
// every key stands in both languages, which a test holds. The person's own choice is kept; else the
// browser's first language of the two, else the shop's.
import { signal } from './signal.js'

const LANGUAGES = ['sv', 'en']
const all = { sv: {}, en: {} }
const chosen = signal(kept() ?? browsers() ?? 'sv')

function kept() {
  try {
    const l = localStorage.getItem('language')
    return LANGUAGES.includes(l) ? l : undefined
  } catch {
    return undefined
  }
}

function browsers() {
  return navigator.languages.map((l) => l.slice(0, 2)).find((l) => LANGUAGES.includes(l))
}

export const language = () => chosen.value
/** Hooks: the page is drawn again in another language. */
export const useLanguage = () => chosen.use()

export function setLanguage(l) {
  chosen.value = l
  document.documentElement.lang = l
  try {
    localStorage.setItem('language', l)
  } catch {
    // it holds until the page is closed
  }
}
document.documentElement.lang = chosen.value

/** words({key: ['på svenska', 'in English'], …}) */
export function words(table) {
  for (const [key, [sv, en]] of Object.entries(table)) {
    all.sv[key] = sv
    all.en[key] = en
  }
}

/**
 * t('lines', {n: 3}): the words under this key. `{n}` is put in; `{n|vara|varor}` chooses by whether
 * n is 1. A key that is not there is shown as it is: a test finds it.
 */
export function t(key, values = {}) {
  const s = all[chosen.value][key]
  if (s === undefined)
    return key
  return s.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? String(values[name] ?? '') : Number(values[name]) === 1 ? one : many)
}

/** Whether there are words under this key: for codes that a server may add. */
export const known = (key) => all[chosen.value][key] !== undefined

const locale = () => (chosen.value === 'sv' ? 'sv-SE' : 'en-GB')
const formats = new Map()
function format(kind, options) {
  const id = `${kind.name}${locale()}${JSON.stringify(options)}`
  if (!formats.has(id))
    formats.set(id, new kind(locale(), options))
  return formats.get(id)
}

/** 12345 öre -> "123,45 kr". Minor units stay whole: the decimal is made of digits, not divided. */
export function money(minor, currency = 'SEK') {
  const sign = minor < 0 ? '-' : ''
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return format(Intl.NumberFormat, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    .format(`${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`)
}

/** 1000 thousandths -> "1", 1250 -> "1,25". */
export function quantity(thousandths) {
  return format(Intl.NumberFormat, { maximumFractionDigits: 3 }).format(thousandths / 1000)
}

export const number = (n) => format(Intl.NumberFormat, {}).format(n)
/** 600 basis points -> "6 %". */
export const percent = (bp) =>
  format(Intl.NumberFormat, { style: 'percent', maximumFractionDigits: 2 }).format(bp / 10000)

const asDate = (at) => (at instanceof Date ? at : new Date(at))
// The shop's own clock is what its people live by, wherever the browser is.
let zone
export const setTimeZone = (z) => { zone = z }
const inZone = (o) => format(Intl.DateTimeFormat, zone ? { ...o, timeZone: zone } : o)

/** "14:05" */
export const time = (at) => inZone({ hour: '2-digit', minute: '2-digit' }).format(asDate(at))
/** "14:05:09" */
export const timeExact = (at) =>
  inZone({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(asDate(at))
/** "22 november 2026" */
export const day = (at) =>
  inZone({ day: 'numeric', month: 'long', year: 'numeric' }).format(asDate(at))
/** "sön 22 nov." */
export const dayShort = (at) =>
  inZone({ weekday: 'short', day: 'numeric', month: 'short' }).format(asDate(at))
/** "22 nov. 14:05" */
export const moment = (at) =>
  inZone({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    .format(asDate(at))
/** "november 2026" of "2026-11" */
export const month = (period) => format(Intl.DateTimeFormat,
  { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${period}-15T00:00:00Z`))

/** "för 3 minuter sedan": how long ago, in the unit that says it best. */
export function ago(at, now = Date.now()) {
  const s = Math.round((asDate(at).getTime() - now) / 1000)
  const f = format(Intl.RelativeTimeFormat, { numeric: 'auto' })
  const steps = [['second', 1, 60], ['minute', 60, 3600], ['hour', 3600, 86400],
    ['day', 86400, 86400 * 60], ['month', 86400 * 30, 86400 * 700]]
  const [unit, size] = steps.find(([, , end]) => Math.abs(s) < end) ?? ['year', 86400 * 365]
  return f.format(Math.trunc(s / size), unit)
}

words({
  problem_unknown: ['Det gick inte. Försök igen om en stund.',
    'That did not work. Try again in a while.'],
  problem_unreachable: ['Ingen svarar. Se efter att telefonen är på butikens Wi-Fi eller har nät.',
    'Nobody answers. See that the phone is on the shop’s Wi-Fi, or has a net.'],
  back: ['Tillbaka', 'Back'],
  close: ['Stäng', 'Close'],
  cancel: ['Avbryt', 'Cancel'],
  save: ['Spara', 'Save'],
  again: ['Försök igen', 'Try again'],
  working: ['Arbetar …', 'Working …'],
  loading: ['Hämtar …', 'Fetching …'],
  more: ['Visa fler ({n} kvar)', 'Show more ({n} left)'],
  previous: ['Föregående', 'Previous'],
  next: ['Nästa', 'Next'],
  rows_of: ['{from}–{to} av {all}', '{from}–{to} of {all}'],
  language_is: ['Språk', 'Language'],
  heard: ['hört {ago}', 'heard {ago}'],
  yes: ['Ja', 'Yes'],
  no: ['Nej', 'No'],
  print: ['Skriv ut', 'Print'],
  door_open: ['öppen', 'open'],
  door_closed: ['stängd', 'closed'],
  door_unknown: ['okänd', 'unknown'],
  door_fault: ['fel på kontakten', 'contact fault'],
})
