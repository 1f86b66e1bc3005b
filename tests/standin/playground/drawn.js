// drawn.js: what is drawn: the house with its door, as it stands now, and the bars of an EAN-13.
const NS = 'http://www.w3.org/2000/svg'

/** An element of a drawing: svg('rect', {x: 1}, ...children). */
export function svg(name, with_ = {}, ...children) {
  const el = document.createElementNS(NS, name)
  for (const [key, value] of Object.entries(with_))
    el.setAttribute(key, value)
  el.append(...children)
  return el
}

/** The house: {root, show(parts)}. The classes that it bears are moved by playground.css. */
export function houseDrawn() {
  const leaf = svg('g', { class: 'leaf' },
    svg('rect', { x: 196, y: 96, width: 88, height: 158, rx: 2, class: 'wood' }),
    svg('rect', { x: 208, y: 110, width: 64, height: 62, rx: 2, class: 'glass' }),
    svg('circle', { cx: 272, cy: 190, r: 4.5, class: 'brass' }))
  const root = svg('svg', { viewBox: '0 0 400 280', class: 'house', role: 'img' },
    svg('rect', { x: 0, y: 254, width: 400, height: 26, class: 'ground' }),
    svg('path', { d: 'M40 92 200 16l160 76z', class: 'roof' }),
    svg('rect', { x: 56, y: 88, width: 288, height: 166, class: 'wall' }),
    svg('path', { d: 'M56 108h288M56 132h288M56 156h288M56 180h288M56 204h288M56 228h288',
      class: 'boards' }),
    svg('rect', { x: 80, y: 118, width: 78, height: 66, rx: 2, class: 'glass pane' }),
    svg('path', { d: 'M119 118v66M80 151h78', class: 'frame' }),
    svg('rect', { x: 190, y: 90, width: 100, height: 164, class: 'frame-wood' }),
    svg('rect', { x: 196, y: 96, width: 88, height: 158, class: 'inside' }),
    svg('path', { d: 'M214 254v-62h20v62M246 254v-84h24v84M214 210h20M246 196h24M246 222h24',
      class: 'shelf' }),
    leaf,
    svg('path', { d: 'M186 150l-10 8 8 6-10 10 8 4', class: 'crack' }),
    svg('rect', { x: 302, y: 152, width: 24, height: 40, rx: 4, class: 'reader' }),
    svg('path', { d: 'M302 152l14-12 24 2-14 10z', class: 'lid' }),
    svg('circle', { cx: 314, cy: 163, r: 4, class: 'yes' }),
    svg('circle', { cx: 314, cy: 178, r: 4, class: 'no' }),
    svg('path', { d: 'M332 160q6 12 0 24M338 154q10 18 0 36', class: 'sound' }),
    svg('rect', { x: 302, y: 204, width: 18, height: 12, rx: 2, class: 'button' }),
    svg('path', { d: 'M312 132q-12-18 0-30 0 10 8 14 8-6 4-18 16 16 4 34z', class: 'flame' }),
    svg('path', { d: 'M288 188h8', class: 'bolt' }))
  return {
    root,
    show(parts, forced) {
      root.classList.toggle('forced', forced)
      for (const [part, on] of Object.entries(parts))
        root.classList.toggle(part, on)
    },
  }
}

const L = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011',
  '0110111', '0001011']
const R = L.map((s) => [...s].map((c) => (c === '0' ? '1' : '0')).join(''))
const G = R.map((s) => [...s].reverse().join(''))
const FIRST = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG',
  'LGLGGL', 'LGGLGL']

/** EAN-13 as bars (GS1 General Specifications 5.2), with its quiet zones. */
export function barcodeDrawn(gtin) {
  const left = [...gtin.slice(1, 7)].map((d, i) => (FIRST[gtin[0]][i] === 'L' ? L : G)[d])
  const right = [...gtin.slice(7)].map((d) => R[d])
  const bars = [...`101${left.join('')}01010${right.join('')}101`]
    .map((m, x) => (m === '1' ? `M${x + 11} 2h1v28h-1z` : '')).join('')
  const digits = svg('text', { x: 58.5, y: 38, 'text-anchor': 'middle', 'font-size': 8, fill: '#000' })
  digits.textContent = gtin
  return svg('svg', { viewBox: '0 0 117 41', class: 'bars', 'shape-rendering': 'crispEdges',
    'aria-hidden': 'true' }, svg('rect', { width: 117, height: 41, fill: '#fff' }),
  svg('path', { d: bars, fill: '#000' }), digits)
}
