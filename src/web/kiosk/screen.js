// screen.js: how large things are. A screen beside a door is read by whoever comes, so a capital
// letter subtends 0.7 degrees (EN 301 549 5.1.4): 7.3 mm at 600 mm, 4.9 mm at 400 mm. The font is
// measured, not trusted: whatever face the box has, its H is that high. Sizes in the sheet are
// `--mm`, a true millimetre, and rem, the smallest text there is.
import { settings } from './settings.js'

const SIGHT = Math.tan(0.7 * Math.PI / 180)
/** Millimetres: no touch target is smaller either way. */
export const TOUCH_MM = 15
const SAMPLE_PX = 200
const SPARE = 1.015 // hinting rounds glyphs: never to less than was asked

/** CSS pixels to a millimetre of this screen, by its diagonal. */
export function pixelsPerMm(inches = settings.value.inches) {
  return Math.hypot(screen.width, screen.height) / (inches * 25.4)
}

export const capitalMm = () => settings.value.distance_mm * SIGHT

function capitalShare() {
  const context = document.createElement('canvas').getContext('2d')
  context.font = `${SAMPLE_PX}px ${getComputedStyle(document.body).fontFamily}`
  return context.measureText('H').actualBoundingBoxAscent / SAMPLE_PX
}

/** Fits the page to this screen; again whenever a setting changes. */
export function screenFit() {
  const mm = pixelsPerMm()
  const size = Math.ceil(capitalMm() * mm * SPARE / capitalShare())
  const root = document.documentElement
  root.style.setProperty('--mm', `${mm.toFixed(4)}px`)
  root.style.fontSize = `${size}px`
}

/** Called once; fonts and the window come as they like. */
export function screenWatch() {
  screenFit()
  settings.watch(screenFit)
  addEventListener('resize', screenFit)
  document.fonts?.ready.then(screenFit)
}
