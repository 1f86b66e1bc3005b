// scan.js: the camera as a scanner. The reader (zxing, WebAssembly of our own origin) is loaded when
// a camera is first opened, so that no page pays for it before. The browser's own BarcodeDetector is
// taken where there is one that knows our codes.
//
//   const camera = await cameraOpen(video, {formats: GOODS, onCode: ({text, format}) => …})
//   camera.torch(true); camera.close()

/** What stands on goods: EAN/UPC, GS1 DataBar and GS1 on Code 128 or DataMatrix (weight, lots). */
export const GOODS = ['EAN13', 'EAN8', 'UPCA', 'UPCE', 'DataBar', 'DataBarExp', 'Code128',
  'DataMatrix', 'QRCode', 'ITF']
/** What a door's or another phone's screen shows. */
export const SCREENS = ['QRCode']
const NATIVE = { EAN13: 'ean_13', EAN8: 'ean_8', UPCA: 'upc_a', UPCE: 'upc_e', Code128: 'code_128',
  QRCode: 'qr_code', DataMatrix: 'data_matrix', ITF: 'itf' }

/** The same code is taken again only after it was out of sight for this long: two of the same
 * article are two scans, one article held still is one. */
const SAME_AGAIN_MS = 1500
const LOOK_MS = 60 // between two looks: some fifteen a second leave a small phone time to draw
/** After a code was taken: nobody holds up the next one so soon, and a small phone needs all it has
 * to bring this one to the shop. */
const REST_MS = 300

let reader
async function readerLoad(formats) {
  const native = globalThis.BarcodeDetector
    ? await globalThis.BarcodeDetector.getSupportedFormats().catch(() => []) : []
  if (formats.every((f) => !NATIVE[f] || native.includes(NATIVE[f])) && native.length) {
    const detector = new globalThis.BarcodeDetector(
      { formats: formats.map((f) => NATIVE[f]).filter(Boolean) })
    return async (canvas) => (await detector.detect(canvas)).map((c) => ({ text: c.rawValue,
      format: c.format }))
  }
  reader ??= import('zxing-wasm/reader').then(async (z) => {
    await z.prepareZXingModule({ overrides: { locateFile: () => WASM_URL }, fireImmediately: true })
    return z
  })
  reader.catch(() => { reader = undefined })
  const z = await reader
  return async (canvas, context) => {
    const image = context.getImageData(0, 0, canvas.width, canvas.height)
    const found = await z.readBarcodes(image, { formats, tryHarder: true, maxNumberOfSymbols: 1,
      textMode: 'Plain' })
    return found.filter((c) => c.isValid).map((c) => ({ text: c.text, format: c.format }))
  }
}

/** Loads the reader before it is needed, while the shopper still walks to the shelf. */
export const readerWarm = (formats) => readerLoad(formats).catch(() => {})

/**
 * cameraOpen: shows the camera in `video` and calls onCode for each code, once while it is in sight.
 * Rejects with the browser's error when there is no camera or it is forbidden; `onReady` is called
 * when codes can be read.
 */
export async function cameraOpen(video, { formats, onCode, onReady = () => {}, onBroken }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: {
    facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } })
  const [track] = stream.getVideoTracks()
  let over = false
  video.srcObject = stream
  video.setAttribute('playsinline', '')
  video.muted = true
  const close = () => {
    over = true
    stream.getTracks().forEach((s) => s.stop())
    video.srcObject = null
  }
  try {
    await video.play()
  } catch (why) {
    close()
    throw why
  }
  look().catch((why) => over || onBroken?.(why))

  async function look() {
    const read = await readerLoad(formats)
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    let last = '', seenAt = 0
    onReady()
    while (!over) {
      let taken = false
      if (video.videoWidth) {
        canvas.width = video.videoWidth
        canvas.height = video.videoHeight
        context.drawImage(video, 0, 0)
        const [code] = await read(canvas, context)
        const now = performance.now()
        taken = Boolean(code && (code.text !== last || now - seenAt > SAME_AGAIN_MS))
        if (taken) {
          last = code.text
          seenAt = now
          onCode(code)
        } else if (code) {
          seenAt = now
        }
      }
      await new Promise((r) => setTimeout(r, taken ? REST_MS : LOOK_MS))
    }
  }
  return {
    close,
    /** Whether this camera has a lamp. */
    hasTorch: Boolean(track.getCapabilities?.().torch),
    torch: (on) => track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {}),
  }
}
