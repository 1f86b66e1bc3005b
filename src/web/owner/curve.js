// curve.js: sums over days as a curve on canvas (uPlot), in the page's own colours. What a canvas
// shows, nobody can read to another: a table with the same values stands beside it.
import uPlot from 'uplot'
import { useEffect, useRef } from 'preact/hooks'
import { html } from '../base/ui.js'
import { dayShort, money } from '../base/words.js'

const HEIGHT = 220
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
// noon: a day is the same day in every zone that a browser may be in
const seconds = (day) => Date.parse(`${day}T12:00:00Z`) / 1000
const dayOf = (s) => dayShort(new Date(s * 1000))

function options(width, currency) {
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false }, font: '12px system-ui' }
  return {
    width, height: HEIGHT, legend: { show: false }, cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: true }, y: { range: (u, low, high) => [Math.min(0, low), high || 1] } },
    axes: [
      { ...axis, values: (u, all) => all.map(dayOf), space: 90 },
      { ...axis, size: 84, values: (u, all) => all.map((v) => money(v, currency).replace(/[.,]00/, '')) },
    ],
    series: [{}, { stroke: colour('--leaf'), width: 2, fill: `${colour('--leaf')}22`,
      points: { show: false } }],
  }
}

/** Curve({rows: [{key: day, total_minor}], currency, label}) */
export default function Curve({ rows, currency, label }) {
  const box = useRef()
  useEffect(() => {
    let plot
    const data = [rows.map((r) => seconds(r.key)), rows.map((r) => r.total_minor)]
    const draw = () => {
      plot?.destroy()
      plot = new uPlot(options(box.current.clientWidth, currency), data, box.current)
    }
    const sized = new ResizeObserver(() => {
      if (box.current?.clientWidth && plot?.width !== box.current.clientWidth)
        draw()
    })
    const dark = matchMedia('(prefers-color-scheme: dark)')
    draw()
    sized.observe(box.current)
    dark.addEventListener('change', draw)
    return () => {
      sized.disconnect()
      dark.removeEventListener('change', draw)
      plot.destroy()
    }
  }, [rows, currency])
  return html`<div class="curve" role="img" aria-label=${label} ref=${box}></div>`
}
