/** One frame's way, all in microseconds of the server's clock. */
export interface LatencySample {
  readonly seq: number
  readonly sensor_us: number
  readonly server_sent_us: number | null
  readonly received_us: number
  readonly painted_us: number
}

/** The value below which `share` of `values` lie (nearest rank), or null for none. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? null
}

/** The newest `capacity` entries, oldest first. */
export class BoundedLog<T> {
  readonly items: T[] = []

  constructor(private readonly capacity: number) {}

  push(item: T): void {
    this.items.push(item)
    // cut in blocks: one shift per entry would move the whole array each time
    if (this.items.length >= 2 * this.capacity) this.items.splice(0, this.items.length - this.capacity)
  }

  last(count: number): T[] {
    return this.items.slice(-Math.min(count, this.capacity))
  }
}
