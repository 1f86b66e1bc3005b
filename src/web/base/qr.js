// qr.js: a QR code as one SVG path, with the quiet zone of four modules that scanners need.
// Black on white in both themes: a scanner reads nothing else well.
import encodeQR from 'qr'
import { html } from './html.js'

const QUIET = 4

/** Qr({text, label}): `label` is what a screen reader says in its place. */
export function Qr({ text, label }) {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: 1 })
  const size = rows.length + 2 * (QUIET - 1)
  let d = ''
  rows.forEach((row, y) => row.forEach((dark, x) => {
    if (dark)
      d += `M${x + QUIET - 1} ${y + QUIET - 1}h1v1h-1z`
  }))
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label}
      shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff" /><path d=${d} fill="#000" />
  </svg>`
}
