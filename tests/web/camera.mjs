// camera.mjs: what a camera sees, as a film (YUV4MPEG2) that Chromium plays in place of a camera, over
// and over: bars of a GTIN drawn here by GS1's tables, any other code as zxing draws it, or a picture
// of another screen. The film is read when a camera is opened: who changes it opens the camera anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = join(dirname(fileURLToPath(import.meta.url)), '../../src/web')
const require = createRequire(join(web, 'package.json'))

const [WIDTH, HEIGHT, FRAMES] = [640, 480, 4]
const LEFT = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111',
  '0111011', '0110111', '0001011']
const PARITY = ['000000', '001011', '001101', '001110', '010011', '011001', '011100', '010101',
  '010110', '011010']
const turned = (s) => [...s].map((c) => (c === '0' ? '1' : '0')).join('')
const back = (s) => [...s].reverse().join('')

/** The 95 modules of a GTIN-13; "1" is a bar. */
export function bars(gtin) {
  const first = PARITY[Number(gtin[0])]
  const left = [...gtin.slice(1, 7)].map((d, i) =>
    (first[i] === '0' ? LEFT[Number(d)] : back(turned(LEFT[Number(d)]))))
  const right = [...gtin.slice(7)].map((d) => turned(LEFT[Number(d)]))
  return `101${left.join('')}01010${right.join('')}101`
}

function frame(dark) {
  const y = Buffer.alloc(WIDTH * HEIGHT)
  for (let row = 0; row < HEIGHT; row++)
    for (let x = 0; x < WIDTH; x++)
      y[row * WIDTH + x] = dark(x, row) ? 24 : 224
  return Buffer.concat([Buffer.from('FRAME\n'), y, Buffer.alloc(WIDTH * HEIGHT / 2, 128)])
}

const play = (path, frames) => writeFileSync(path, Buffer.concat([
  Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`), ...frames]))
const film = (path, dark) => play(path, Array(FRAMES).fill(frame(dark)))

/** The camera looks at a table with nothing on it. */
export const filmNothing = (path) => film(path, () => false)

function gtinDark(gtin) {
  const code = bars(gtin.padStart(13, '0'))
  const [module, left] = [4, (WIDTH - 95 * 4) / 2]
  return (x, y) => y > 120 && y < 360 && code[Math.floor((x - left) / module)] === '1'
}

/** … at an article's bars, four pixels a module, as held a hand's width away. */
export const filmGtin = (path, gtin) => film(path, gtinDark(gtin))

/** … at one article after the other, each for `ms`. */
export const filmGtins = (path, gtins, ms) => play(path,
  gtins.flatMap((g) => Array(Math.round(ms / 100)).fill(frame(gtinDark(g)))))

let writer
/** … at a code of another kind: filmCode(path, 'DataMatrix', '(01)07300156480903(10)A1'). GS1's
 * elements are written with their brackets, as they stand beneath the bars. */
export async function filmCode(path, format, text) {
  writer ??= import(require.resolve('zxing-wasm/writer')).then(async (z) => {
    await z.prepareZXingModule({ fireImmediately: true, overrides: { wasmBinary: readFileSync(
      join(web, 'node_modules/zxing-wasm/dist/writer/zxing_writer.wasm')).buffer } })
    return z
  })
  const { symbol, error } = await (await writer).writeBarcode(text, { format,
    options: text.startsWith('(') ? 'gs1' : '' })
  if (error)
    throw new Error(`${format} ${text}: ${error}`)
  const { width, height, data } = symbol
  const module = Math.floor(Math.min((WIDTH - 40) / width, (HEIGHT - 40) / height))
  const [left, top] = [(WIDTH - width * module) >> 1, (HEIGHT - height * module) >> 1]
  film(path, (x, y) => {
    const [column, row] = [Math.floor((x - left) / module), Math.floor((y - top) / module)]
    return column >= 0 && column < width && row >= 0 && row < height && !data[row * width + column]
  })
}

/** … at another screen: `picture` {width, height, gray(x, y) 0..255}, fitted into the middle. */
export function filmPicture(path, picture) {
  const scale = Math.min(HEIGHT / picture.height, WIDTH / picture.width)
  const [w, h] = [picture.width * scale, picture.height * scale]
  const [left, top] = [(WIDTH - w) / 2, (HEIGHT - h) / 2]
  film(path, (x, y) => x >= left && x < left + w && y >= top && y < top + h &&
    picture.gray(Math.floor((x - left) / scale), Math.floor((y - top) / scale)) < 128)
}
