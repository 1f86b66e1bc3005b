// code_of.mjs: a scanner for pictures: what a page or a console draws must be readable.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = join(dirname(fileURLToPath(import.meta.url)), '../../src/web')
const require = createRequire(join(web, 'package.json'))

let zxing
/** The text of the code in a PNG, or in {data, width, height} as a canvas gives it: what is drawn must
 * be readable for a scanner. */
export async function codeOf(picture) {
  if (!zxing) {
    zxing = await import(require.resolve('zxing-wasm/reader'))
    await zxing.prepareZXingModule({ fireImmediately: true, overrides: { wasmBinary: readFileSync(
      join(web, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer } })
  }
  const [code] = await zxing.readBarcodes(picture.data ? picture
    : new Uint8Array(picture), { tryHarder: true })
  if (!code?.isValid)
    throw new Error('no code can be read in this picture')
  return code.text
}
