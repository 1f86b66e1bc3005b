// feel.js: beep, flash and vibration, where there is any; and speech. Sound needs a touch first:
// call feelReady() from one.

let audio
export function feelReady() {
  audio ??= globalThis.AudioContext ? new AudioContext() : null
  audio?.resume?.().catch(() => {})
}

function tone(hz, from, ms) {
  const [o, gain] = [audio.createOscillator(), audio.createGain()]
  const at = audio.currentTime + from / 1000
  o.frequency.value = hz
  gain.gain.setValueAtTime(0.25, at)
  gain.gain.exponentialRampToValueAtTime(0.001, at + ms / 1000)
  o.connect(gain).connect(audio.destination)
  o.start(at)
  o.stop(at + ms / 1000)
}

/** It was taken: one high tone, one short buzz. */
export function feelYes() {
  if (audio)
    tone(1320, 0, 140)
  navigator.vibrate?.(60)
}

/** It was not: two low tones, two buzzes. */
export function feelNo() {
  if (audio) {
    tone(300, 0, 180)
    tone(220, 200, 260)
  }
  navigator.vibrate?.([120, 80, 120])
}

/** Keeps the screen on while `on`; the browser drops it when the page is hidden, we take it again. */
let lock = null
let wanted = false
export async function screenOn(on) {
  wanted = on
  if (!on) {
    await lock?.release().catch(() => {})
    lock = null
    return
  }
  lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null
}
document.addEventListener('visibilitychange', () => {
  if (wanted && document.visibilityState === 'visible')
    screenOn(true)
})
