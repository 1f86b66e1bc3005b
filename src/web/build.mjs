// build.mjs OUT [PAGE …]: the pages as files that counterd and officed serve. Each page is one folder
// here with an index.html and a main.js, and is built alone. Every asset's name holds the
// hash of its content, so it may be kept for ever; the pages themselves are asked for anew.
//
// Ends with exit 1 when a page's first view has outgrown its bound.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const FIRST_VIEW_GZ_MAX = 60 * 1024 // bytes of page, style and script before anything is touched
const named = process.argv.slice(3) // while one of them is being written: these alone
const PAGES = named.length ? named : ['phone', 'kiosk', 'owner', 'office']
const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2] ?? join(here, '../../build/web')

rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, 'assets'), { recursive: true })

// The code reader's WebAssembly is a file of its own, fetched when a camera is first opened.
const wasm = readFileSync(join(here, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'))
const wasmName = `reader-${hash(wasm)}.wasm`
writeFileSync(join(out, 'assets', wasmName), wasm)

const pages = PAGES.filter((name) => exists(join(here, name, 'main.js')))
// Each page is built alone: nobody uses two, and what one of them shares with another would come in
// many small files.
const outputs = {}
for (const name of pages) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [{ in: `${name}/main.js`, out: name }],
    outdir: out,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: `assets/${name}-[name]-[hash]`,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: ['chrome100', 'safari15.4', 'firefox100'],
    define: { WASM_URL: JSON.stringify(`/assets/${wasmName}`) },
    metafile: true,
    logLevel: 'warning',
  })
  for (const [file, o] of Object.entries(result.metafile.outputs)) {
    outputs[relative(out, join(here, file))] = o
    if (o.bytes === 0)
      writeFileSync(join(here, file), '\n') // a module that only others' order asked for
  }
}
const places = []

for (const name of pages) {
  const [script, entry] = Object.entries(outputs).find(([, o]) =>
    o.entryPoint === `${name}/main.js`)
  const style = entry.cssBundle && relative(out, join(here, entry.cssBundle))
  const first = [script, ...closure(script)]
  const html = readFileSync(join(here, name, 'index.html'), 'utf8')
    .replace('<!-- style -->', style ? `<link rel="stylesheet" href="/${style}">` : '')
    .replace('<!-- script -->', first.slice(1).map((file) =>
      `<link rel="modulepreload" href="/${file}">\n  `).join('') +
      `<script type="module" src="/${script}"></script>`)
  writeFileSync(join(out, `${name}.html`), html)
  places.push({ name, files: [`${name}.html`, ...(style ? [style] : []), ...first] })
}

copyIcons()
await buildServiceWorker()
// A chunk may come out empty; what serves the folder takes an empty file for none.
for (const file of Object.keys(outputs).filter((f) => f.endsWith('.js')))
  if (!statSync(join(out, file)).size)
    writeFileSync(join(out, file), '\n')
for (const file of walk(out))
  if (/\.(html|js|css|svg|wasm|webmanifest)$/.test(file))
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))

let tooLarge = false
for (const { name, files } of places) {
  const bytes = files.reduce((sum, f) => sum + statSync(join(out, `${f}.gz`)).size, 0)
  tooLarge ||= bytes > FIRST_VIEW_GZ_MAX
  console.log(`  WEB   ${name}: first view ${(bytes / 1024).toFixed(1)} kB gzipped` +
    (bytes > FIRST_VIEW_GZ_MAX ? `, more than ${FIRST_VIEW_GZ_MAX / 1024}` : ''))
}
process.exitCode = tooLarge ? 1 : 0

/** The service worker knows by name what the phone's page needs without a net. */
async function buildServiceWorker() {
  if (!pages.includes('phone') || !exists(join(here, 'phone/sw.js')))
    return
  const phone = places.find((p) => p.name === 'phone').files
  const later = Object.keys(outputs).filter((f) => f.startsWith('assets/') && reached(f, 'phone'))
  const assets = [...new Set([...phone, ...later])].filter((f) => f !== 'phone.html')
    .map((f) => `/${f}`)
  const icons = readdirSync(out).filter((f) => /^icon|webmanifest$/.test(f)).map((f) => `/${f}`)
  const version = hash(Buffer.from([...assets, ...icons,
    readFileSync(join(out, 'phone.html'), 'utf8')].join('\n')))
  await build({
    absWorkingDir: here, entryPoints: ['phone/sw.js'], outfile: join(out, 'sw.js'), bundle: true,
    minify: true, format: 'iife', logLevel: 'warning',
    define: {
      VERSION: JSON.stringify(version),
      FIRST: JSON.stringify([...assets, ...icons]),
      LATER: JSON.stringify([`/assets/${wasmName}`]),
    },
  })
}

/** Files that this one imports before it can run, each once. */
function closure(file, seen = new Set()) {
  for (const i of outputs[file].imports) {
    const path = relative(out, join(here, i.path))
    if (i.kind === 'import-statement' && !seen.has(path)) {
      seen.add(path)
      closure(path, seen)
    }
  }
  return [...seen]
}

/** Whether a page may come to need this file. */
function reached(file, page, from, seen = new Set()) {
  from ??= Object.keys(outputs).find((f) => outputs[f].entryPoint === `${page}/main.js`)
  if (from === file)
    return true
  seen.add(from)
  return outputs[from].imports.some((i) => {
    const path = relative(out, join(here, i.path))
    return outputs[path] && !seen.has(path) && reached(file, page, path, seen)
  })
}

function copyIcons() {
  const folder = join(here, 'icons')
  if (exists(folder))
    for (const file of readdirSync(folder))
      writeFileSync(join(out, file), readFileSync(join(folder, file)))
}

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      yield* walk(path)
    else
      yield path
  }
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10)
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
