// qr.js: a QR code as one SVG path, with the quiet zone of four modules that scanners need.
// Black on white in both themes: a scanner reads nothing else well.
import encodeQR from 'qr'
import { html } from './html.js'

const QUIET = 4

/** Qr({text, label, quick}): `label` is what a screen reader says in its place. `quick`: the text is
 * random by itself, as a signed token is, so that any mask is as good as the best; looking for the
 * best is most of the work, and a slow phone's shopper stands at the door. */
export function Qr({ text, label, quick }) {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: 1, ...(quick ? { mask: 0 } : {}) })
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
