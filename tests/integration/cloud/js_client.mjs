// The dashboard's own STOMP libraries against the gateway: node js_client.mjs <websocket|sockjs transport> <url> <vehicle>
import { createRequire } from 'node:module'
const require = createRequire(process.env.PARKIT_NODE_ROOT + '/package.json')
const { Client } = require('@stomp/stompjs')
const [how, url, vehicle] = process.argv.slice(2)

const client = new Client({
  reconnectDelay: 0,
  heartbeatIncoming: 2000,
  heartbeatOutgoing: 2000,
  ...(how === 'websocket'
    ? { brokerURL: url.replace('http', 'ws') + '/ws' }
    : {
        webSocketFactory: () => {
          const SockJS = require('sockjs-client')
          return new SockJS(url + '/sockjs', null, { transports: [how] })
        },
      }),
  onConnect: () => {
    client.subscribe(
      `/topic/cars/${vehicle}/events`,
      (message) => {
        const event = JSON.parse(message.body)
        console.log(JSON.stringify({ got: event.seq, sent: Number(message.headers['server-sent-us']) > 0 }))
        if (event.seq === 9) void client.deactivate()
      },
      { receipt: 'subscribed' },
    )
    client.watchForReceipt('subscribed', () => console.log(JSON.stringify({ connected: client.connectedVersion })))
  },
  onStompError: (frame) => {
    console.error(frame.body)
    process.exit(1)
  },
  onDisconnect: () => {
    console.log(JSON.stringify({ disconnected: true }))
    setTimeout(() => process.exit(0), 50)
  },
})
client.activate()
