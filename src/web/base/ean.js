// ean.js: goods codes: what a person typed or a camera read -> the digits that the shop knows; and
// EAN-13 as bars for a shelf label (GS1 General Specifications 5.2).
import { html } from './html.js'

const L = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011',
  '0110111', '0001011']
const R = L.map((s) => [...s].map((c) => (c === '0' ? '1' : '0')).join(''))
const G = R.map((s) => [...s].reverse().join(''))
const FIRST = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG',
  'LGLGGL', 'LGGLGL']

/** Whether the last digit is the check digit of the others (modulo 10, weights 3 and 1). */
export function gtinRight(digits) {
  if (!/^(\d{8}|\d{12,14})$/.test(digits))
    return false
  const sum = [...digits].reverse().reduce((n, d, i) => n + Number(d) * (i % 2 ? 3 : 1), 0)
  return sum % 10 === 0
}

function modules(digits) {
  const parity = FIRST[Number(digits[0])]
  const left = [...digits.slice(1, 7)].map((d, i) => (parity[i] === 'L' ? L : G)[Number(d)])
  const right = [...digits.slice(7)].map((d) => R[Number(d)])
  return `101${left.join('')}01010${right.join('')}101`
}

/** Ean({gtin}): bars of a GTIN-13 (or GTIN-8/12 with leading zeros put before it). */
export function Ean({ gtin }) {
  const digits = gtin.padStart(13, '0')
  if (digits.length !== 13 || !gtinRight(digits))
    return null
  const bars = [...modules(digits)].map((m, x) => (m === '1' ? `M${x + 11} 2h1v40h-1z` : ''))
  return html`<svg class="ean" viewBox="0 0 113 52" role="img" aria-label=${`EAN ${gtin}`}
      shape-rendering="crispEdges">
    <rect width="113" height="52" fill="#fff" /><path d=${bars.join('')} fill="#000" />
    <text x="56.5" y="50" text-anchor="middle" font-size="8" fill="#000">${digits}</text>
  </svg>`
}
