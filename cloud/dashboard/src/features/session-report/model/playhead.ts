import { onAnimationFrame } from '@/shared/stream/frame-loop'

/** Where a replay stands: one time for the scene, the charts, the strip and the slider. Seconds of simulated time. */
export class Playhead {
  private current: number
  private running: (() => void) | null = null
  private readonly listeners = new Set<() => void>()
  rate = 1

  constructor(
    readonly start: number,
    readonly end: number,
  ) {
    // a report is opened to see how it ended
    this.current = end
  }

  get time(): number {
    return this.current
  }

  get playing(): boolean {
    return this.running !== null
  }

  seek(time: number): void {
    this.current = Math.min(this.end, Math.max(this.start, time))
    this.notify()
  }

  setRate(rate: number): void {
    this.rate = rate
    this.notify()
  }

  play(): void {
    if (this.running) return
    if (this.current >= this.end) this.current = this.start
    let before: number | null = null
    this.running = onAnimationFrame((nowMs) => {
      const elapsed = before === null ? 0 : (nowMs - before) / 1000
      before = nowMs
      this.current = Math.min(this.end, this.current + elapsed * this.rate)
      if (this.current >= this.end) this.pause()
      else this.notify()
    })
    this.notify()
  }

  pause(): void {
    this.running?.()
    this.running = null
    this.notify()
  }

  toggle(): void {
    if (this.playing) this.pause()
    else this.play()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private notify(): void {
    for (const listener of this.listeners) listener()
  }
}
