// sensors.js: what a sensor says, in words: its value, its bounds, how it stands.
import { quantity, t } from '../base/words.js'

const SHOWN = 100 // thousandths: one decimal is what such sensors know

/** "4,5 °C", "torrt"; "–" where nothing was heard. */
export function sensorValue(s) {
  if (s.value_milli !== null)
    return `${quantity(Math.round(s.value_milli / SHOWN) * SHOWN)}\u00a0${s.unit}`
  return s.on === null ? '–' : t(`${s.on ? 'on' : 'off'}_${s.kind}`)
}

/** "högst 8 °C"; null where it has no bounds. */
export function sensorBounds(s) {
  const [low, high] = [s.low_milli, s.high_milli].map((v) =>
    (v === null ? null : `${quantity(v)}\u00a0${s.unit}`))
  if (low === null && high === null)
    return null
  return t(low === null ? 'sensor_below' : high === null ? 'sensor_above' : 'sensor_bounds',
    { low, high })
}

export const SENSOR_KIND = { ok: 'ok', beyond: 'warn', alarm: 'alarm', stale: 'warn',
  unknown: 'warn' }
