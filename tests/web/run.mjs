// run.mjs [NAME…]: `make check-web`: the units of the pages' own logic, and every test_*.mjs in this
// folder, some at a time. What a file says is shown when it is done. Ends with N passed, N failed.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const AT_ONCE = 3 // they wait for pages, timers and doors more than they work
/** These do next to nothing but wait, for silence to be long enough: they are begun at once, beside
 * the others. */
const WAIT = ['test_office_silent', 'test_kiosk_heal']
/** Of the others the longest are begun first, so that none is left over at the end. */
const LONGEST = ['test_office_month', 'test_phone_offline', 'test_office.mjs', 'test_office_many',
  'test_owner_office', 'test_phone_views', 'test_owner_month', 'test_owner.mjs']
const FILE_LIMIT_MS = 240000 // a file that hangs is a failure of one
const here = dirname(fileURLToPath(import.meta.url))
const wanted = process.argv.slice(2)
const files = readdirSync(here).filter((f) => /^(test|unit)_.*\.mjs$/.test(f))
  .filter((f) => !wanted.length || wanted.some((w) => f.includes(w)))
  .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
let [passed, failed] = [0, 0]

function place(file) {
  const at = LONGEST.findIndex((name) => file.startsWith(name))
  return at < 0 ? LONGEST.length : at
}

function one(file) {
  return new Promise((done) => {
    const unit = file.startsWith('unit_')
    const began = Date.now()
    const child = spawn(process.execPath, [...(unit ? ['--test', '--test-reporter=tap'] : []),
      join(here, file)], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const out of [child.stdout, child.stderr])
      out.on('data', (d) => { text += d })
    const late = setTimeout(() => {
      text += `\nnot done in ${FILE_LIMIT_MS / 1000} s\n`
      child.kill('SIGKILL')
    }, FILE_LIMIT_MS)
    child.on('exit', (status) => {
      clearTimeout(late)
      const [p, f] = unit
        ? [/^# pass (\d+)/m, /^# fail (\d+)/m].map((r) => Number(text.match(r)?.[1] ?? 0))
        : (text.match(/^(\d+) passed, (\d+) failed$/m) ?? [0, 0, 0]).slice(1).map(Number)
      passed += p
      failed += status && !f ? 1 : f
      console.log(`== ${file}: ${p} passed, ${f} failed in ${((Date.now() - began) / 1000)
        .toFixed(0)} s`)
      if (!unit || status)
        console.log(text.trimEnd())
      done()
    })
  })
}

const waits = (file) => WAIT.some((name) => file.startsWith(name))
const queue = files.filter((file) => !waits(file))
await Promise.all([...files.filter(waits).map(one), ...Array.from({ length: AT_ONCE }, async () => {
  for (let file = queue.shift(); file; file = queue.shift())
    await one(file)
})])
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed || !passed ? 1 : 0)
