// icons.js: small signs beside words, never in their place. One stroke width, drawn on 24 by 24.
import { html } from '../base/html.js'

const PATHS = {
  now: 'M4 20V8l8-5 8 5v12h-6v-7h-4v7z',
  timeline: 'M6 3v18M6 6h12M6 12h8M6 18h10',
  sales: 'M4 20h16M7 20v-6M12 20V6M17 20v-9',
  stock: 'M3 8l9-5 9 5v9l-9 5-9-5zM3 8l9 5 9-5M12 13v9',
  members: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 15c3 1 4 3 4 6',
  passes: 'M3 6h18v4a2 2 0 0 0 0 4v4H3v-4a2 2 0 0 0 0-4zM14 6v12',
  labels: 'M3 4h8l10 10-7 7L3 11zM7.5 8.5h.01',
  invoices: 'M6 2h9l4 4v16H6zM9 9h7M9 13h7M9 17h4',
  settings: 'M4 6h10M18 6h2M4 12h2M10 12h10M4 18h8M16 18h4M14 4v4M6 10v4M12 16v4',
  health: 'M3 12h4l3-8 4 16 3-8h4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  out: 'M10 4H4v16h6M14 8l4 4-4 4M18 12H9',
}

export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"
  fill="none" stroke="currentColor" stroke-width=${name === 'more' ? 3.5 : 1.8}
  stroke-linecap="round" stroke-linejoin="round"><path d=${PATHS[name]} /></svg>`
