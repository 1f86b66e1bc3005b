// icons.js: drawn signs, so that no state is told by colour alone. All on a square of 24, in the colour
// of the text beside them; never the only name of a thing.
import { html } from '../base/ui.js'

const PATHS = {
  ok: 'M4 12.5 L10 18.5 L20 6',
  no: 'M6 6 L18 18 M18 6 L6 18',
  wait: 'M12 3 a9 9 0 1 0 .01 0 M12 7 V12 L15.5 14.5',
  lock: 'M6 11 H18 V21 H6 Z M8.5 11 V7.5 a3.5 3.5 0 0 1 7 0 V11',
  person: 'M12 4 a4 4 0 1 0 .01 0 M4 21 c0 -9 16 -9 16 0',
  people: 'M8.5 5 a3.4 3.4 0 1 0 .01 0 M2 20 c0 -8 13 -8 13 0 M17 7 a2.8 2.8 0 1 0 .01 0' +
    'M18 13.5 c3 .5 4 3 4 6',
  coins: 'M4 7 h16 v12 h-16 z M4 11 h16 M8 15.5 h3',
  pass: 'M4 5 h16 v14 h-16 z M8 9.5 h8 M8 13 h5',
  code: 'M4 4 h6 v6 h-6 z M14 4 h6 v6 h-6 z M4 14 h6 v6 h-6 z M14 14 h2 M20 14 v2 M14 20 h2 M19 19 h1',
  pin: 'M5 9 h14 v9 h-14 z M8.5 13.5 h.01 M12 13.5 h.01 M15.5 13.5 h.01',
  fire: 'M12 3 c1 4 5 5 5 10 a5 5 0 0 1 -10 0 c0 -2 1 -3 2 -4 c.5 1.5 1.5 2 2 2 c0 -3 0 -5 1 -8',
  alarm: 'M12 3 L22 20 H2 Z M12 9.5 V14 M12 17 h.01',
  contrast: 'M12 3 a9 9 0 1 0 .01 0 M12 3 V21 A9 9 0 0 0 12 3',
  speech: 'M4 9.5 H7.5 L12 5.5 V18.5 L7.5 14.5 H4 Z M15.5 9 a4.2 4.2 0 0 1 0 6 M18 6.2 a8 8 0 0 1 0 11.6',
  phones: 'M4 15 V12 a8 8 0 0 1 16 0 V15 M4 14 h3 v6 h-3 z M17 14 h3 v6 h-3 z',
  help: 'M8.5 9 a3.5 3.5 0 1 1 5 3.2 c-1.2 .7 -1.5 1.3 -1.5 2.8 M12 19 h.01',
  erase: 'M9 6 H21 V18 H9 L3.5 12 Z M12 9.5 L17 14.5 M17 9.5 L12 14.5',
  plus: 'M12 5 V19 M5 12 H19',
  minus: 'M5 12 H19',
  bin: 'M5 7 H19 M9.5 7 V4.5 H14.5 V7 M7 7 L8 20 H16 L17 7',
  undo: 'M9 6 L4 11 L9 16 M4 11 H14 a5 5 0 0 1 0 10 H11',
  list: 'M8.5 6.5 H20 M8.5 12 H20 M8.5 17.5 H20 M4 6.5 h.01 M4 12 h.01 M4 17.5 h.01',
  keypad: 'M6 6 h.01 M12 6 h.01 M18 6 h.01 M6 12 h.01 M12 12 h.01 M18 12 h.01 M6 18 h.01 M12 18 h.01' +
    'M18 18 h.01',
  search: 'M10.5 4 a6.5 6.5 0 1 0 .01 0 M15.5 15.5 L20.5 20.5',
  back: 'M14.5 5 L7.5 12 L14.5 19',
  next: 'M9.5 5 L16.5 12 L9.5 19',
  leave: 'M13 4 H5 V20 H13 M10 12 H21 M17 8 L21 12 L17 16',
  phone: 'M7 3 h10 v18 h-10 z M11.5 18 h1',
  scanner: 'M3 8 V4 H7 M17 4 H21 V8 M21 16 V20 H17 M7 20 H3 V16 M3 12 H21',
  again: 'M19 12 a7 7 0 1 1 -2.2 -5.1 M17.5 2.5 V7.3 H12.7',
}
const FULL = ['contrast']

export const Icon = ({ name }) => html`<svg class=${`icon ${FULL.includes(name) ? 'half' : ''}`}
    viewBox="0 0 24 24" aria-hidden="true">
  <path d=${PATHS[name]} /></svg>`
