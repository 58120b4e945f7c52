/** How far the server's clock is ahead of this page's, learnt from pings. All times in microseconds. */

interface Sample {
  readonly offsetUs: number
  readonly roundTripUs: number
}

const KEPT = 16
/** A page that is still loading answers late: one ping is not enough unless it was a quick one. */
const QUICK_US = 2_000
const ENOUGH = 10

export class ClockSync {
  private samples: Sample[] = []

  /** A ping sent at `sentUs` and answered with `serverUs` came back at `receivedUs` (page's clock). */
  onPong(sentUs: number, serverUs: number, receivedUs: number): void {
    const roundTripUs = receivedUs - sentUs
    if (roundTripUs < 0) return
    this.samples.push({ offsetUs: serverUs - (sentUs + receivedUs) / 2, roundTripUs })
    if (this.samples.length > KEPT) this.samples.shift()
  }

  /** The quickest round trip tells most: its answer can be off by at most half of it. */
  private best(): Sample | null {
    return this.samples.reduce<Sample | null>(
      (best, sample) => (best === null || sample.roundTripUs < best.roundTripUs ? sample : best),
      null,
    )
  }

  get offsetUs(): number {
    return this.best()?.offsetUs ?? 0
  }

  /** Half the quickest round trip, or null before the first answer. */
  get uncertaintyUs(): number | null {
    const best = this.best()
    return best && best.roundTripUs / 2
  }

  /** Whether the clocks are known well enough to time anything by them. */
  get settled(): boolean {
    const uncertaintyUs = this.uncertaintyUs
    return uncertaintyUs !== null && (uncertaintyUs <= QUICK_US || this.samples.length >= ENOUGH)
  }

  toServerUs(pageUs: number): number {
    return pageUs + this.offsetUs
  }
}

/** This page's clock in microseconds since the epoch, as fine as the browser allows. */
export const pageClockUs = (): number => (performance.timeOrigin + performance.now()) * 1000
