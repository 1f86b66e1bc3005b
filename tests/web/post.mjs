// post.mjs: an SMTP server on loopback (RFC 5321, the few words that a sender needs), that keeps what it
// is given: where a page's person looks into her inbox.
import net from 'node:net'

export class Post {
  constructor() {
    this.mails = []
    this.server = net.createServer((s) => this.talk(s))
  }

  async listen() {
    await new Promise((done) => { this.server.listen(0, '127.0.0.1', done) })
    return this
  }

  get url() {
    return `smtp://127.0.0.1:${this.server.address().port}`
  }

  talk(socket) {
    let [rest, to, body] = ['', [], null]
    const say = (line) => socket.write(`${line}\r\n`)
    socket.on('error', () => {})
    say('220 loopback')
    socket.on('data', (d) => {
      rest += d
      for (;;) {
        const end = rest.indexOf('\r\n')
        if (end < 0)
          return
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (body !== null) {
          if (line === '.') {
            this.mails.push({ to, text: body })
            body = null
            to = []
            say('250 taken')
          } else {
            body += `${line.replace(/^\./, '')}\n`
          }
        } else if (/^RCPT TO:/i.test(line)) {
          to.push(/<([^>]*)>/.exec(line)?.[1])
          say('250 ok')
        } else if (/^DATA/i.test(line)) {
          body = ''
          say('354 go on')
        } else if (/^QUIT/i.test(line)) {
          say('221 bye')
          socket.end()
        } else {
          say('250 ok')
        }
      }
    })
  }

  /** The first mail to this address, or undefined. */
  to(address) {
    return this.mails.find((m) => m.to.some((a) => a?.toLowerCase() === address.toLowerCase()))
  }

  close() {
    this.server.close()
  }
}
