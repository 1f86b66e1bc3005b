// relay.mjs: the network that a phone is in. A port of loopback, whose connections go to the box of
// the shop, to the office, or nowhere; changed while the phone looks, as walking out of the Wi-Fi does.
import net from 'node:net'

export class Relay {
  /** `targets`: {name: port}; where connections go: a name, or null for nowhere. */
  constructor(targets, to) {
    this.targets = targets
    this.to = to
    this.open = new Set()
    this.server = net.createServer((phone) => this.connect(phone))
  }

  async listen(port = 0) {
    await new Promise((done) => { this.server.listen(port, '127.0.0.1', done) })
    this.port = this.server.address().port
    return this
  }

  connect(phone) {
    const port = this.to && this.targets[this.to]
    phone.on('error', () => {})
    if (!port) {
      phone.resetAndDestroy()
      return
    }
    const server = net.connect(port, '127.0.0.1')
    const pair = { phone, server }
    const end = () => {
      this.open.delete(pair)
      phone.destroy()
      server.destroy()
    }
    this.open.add(pair)
    server.on('error', end)
    server.on('close', end)
    phone.on('close', end)
    phone.pipe(server).pipe(phone)
  }

  /** From now on there; what is open is cut, as a phone's connections are when it changes nets. */
  go(to) {
    this.to = to
    for (const { phone, server } of this.open) {
      phone.resetAndDestroy()
      server.resetAndDestroy()
    }
    this.open.clear()
  }

  close() {
    this.go(null)
    this.server.close()
  }
}
