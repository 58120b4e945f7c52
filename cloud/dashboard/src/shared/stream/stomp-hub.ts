import { Client, ReconnectionTimeMode, TickerStrategy, type IFrame, type IMessage, type StompSubscription } from '@stomp/stompjs'
import { ClockSync, pageClockUs } from './clock-sync'

export interface Connection {
  readonly socket: 'connecting' | 'open' | 'reconnecting' | 'closed'
  /** Attempts since the link was lost. */
  readonly attempt: number
}

/** `receivedUs` is by the page's own clock, `serverSentUs` by the server's. */
type OnMessage = (body: string, receivedUs: number, serverSentUs: number | null) => void

interface Wanted {
  readonly destination: string
  readonly headers: Record<string, string>
  readonly onMessage: OnMessage
  active: StompSubscription | null
}

const PING_BURST = 10
const PING_EVERY_MS = 2000
/** After so many failures without one success we suppose that something on the way blocks WebSockets. */
const TRIES_BEFORE_FALLBACK = 2

/**
 * The page's one STOMP connection. Subscriptions outlive reconnections; `onConnected` listeners run before
 * anything arrives on them, which is the moment to fetch a snapshot.
 */
export class StompHub {
  readonly clock = new ClockSync()
  connection: Connection = { socket: 'connecting', attempt: 0 }
  private readonly client: Client
  private readonly wanted = new Set<Wanted>()
  private readonly onChange = new Set<() => void>()
  private readonly onConnectedListeners = new Set<() => void>()
  private everConnected = false
  private pingTimer: ReturnType<typeof setInterval> | undefined

  constructor(origin: string) {
    const client = new Client()
    client.brokerURL = `${origin.replace(/^http/, 'ws')}/ws`
    client.reconnectDelay = 300
    client.reconnectTimeMode = ReconnectionTimeMode.EXPONENTIAL
    client.maxReconnectDelay = 5000
    client.heartbeatIncoming = 10_000
    client.heartbeatOutgoing = 10_000
    // background tabs slow timers down and would drop the link
    client.heartbeatStrategy = TickerStrategy.Worker
    client.onConnect = () => this.connected()
    client.onStompError = (frame: IFrame) => console.warn('stomp_error', frame.headers['message'] ?? frame.body)
    client.onWebSocketClose = () => void this.closed(origin)
    this.client = client
  }

  start(): void {
    this.client.activate()
  }

  stop(): void {
    clearInterval(this.pingTimer)
    this.setConnection({ socket: 'closed', attempt: 0 })
    void this.client.deactivate()
  }

  /** Receive what is sent to `destination` from now on; the returned function ends it. */
  subscribe(destination: string, headers: Record<string, string>, onMessage: OnMessage): () => void {
    const wanted: Wanted = { destination, headers, onMessage, active: null }
    this.wanted.add(wanted)
    if (this.client.connected) this.open(wanted)
    return () => {
      this.wanted.delete(wanted)
      if (this.client.connected) wanted.active?.unsubscribe()
    }
  }

  send(destination: string, body: unknown): boolean {
    if (!this.client.connected) return false
    this.client.publish({ destination, body: JSON.stringify(body) })
    return true
  }

  /** Run `listener` now if connected, and after every reconnection. */
  onConnected(listener: () => void): () => void {
    this.onConnectedListeners.add(listener)
    if (this.client.connected) listener()
    return () => this.onConnectedListeners.delete(listener)
  }

  onConnectionChange(listener: () => void): () => void {
    this.onChange.add(listener)
    return () => this.onChange.delete(listener)
  }

  private connected(): void {
    this.everConnected = true
    this.setConnection({ socket: 'open', attempt: 0 })
    this.client.subscribe('/user/queue/pong', (message) => this.pong(message))
    for (const listener of this.onConnectedListeners) listener()
    for (const wanted of this.wanted) this.open(wanted)
    for (let i = 0; i < PING_BURST; i += 1) setTimeout(() => this.ping(), i * 40)
    clearInterval(this.pingTimer)
    this.pingTimer = setInterval(() => this.ping(), PING_EVERY_MS)
  }

  private open(wanted: Wanted): void {
    wanted.active = this.client.subscribe(
      wanted.destination,
      (message) => {
        const received = pageClockUs()
        const sent = Number(message.headers['server-sent-us'])
        wanted.onMessage(message.body, received, Number.isFinite(sent) ? sent : null)
      },
      wanted.headers,
    )
  }

  private ping(): void {
    this.send('/app/ping', { t: pageClockUs() })
  }

  private pong(message: IMessage): void {
    const now = pageClockUs()
    const { t, server_us } = JSON.parse(message.body) as { t: number; server_us: number }
    this.clock.onPong(t, server_us, now)
  }

  private async closed(origin: string): Promise<void> {
    if (!this.client.active) return
    clearInterval(this.pingTimer)
    const attempt = this.connection.attempt + 1
    this.setConnection({ socket: 'reconnecting', attempt })
    if (this.everConnected || attempt !== TRIES_BEFORE_FALLBACK) return
    const { default: SockJS } = await import('sockjs-client')
    this.client.webSocketFactory = () => new SockJS(`${origin}/sockjs`)
  }

  private setConnection(connection: Connection): void {
    this.connection = connection
    for (const listener of this.onChange) listener()
  }
}
