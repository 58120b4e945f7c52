import type { BoundedLog, LatencySample } from './latency-log'

declare global {
  interface Window {
    /** For measurements from outside, such as the pipeline benchmark. */
    __parkit?: { latency: readonly LatencySample[] }
  }
}

/** Offer the samples of painted frames as `window.__parkit.latency` (bounded, oldest first). */
export function exposeLatency(log: BoundedLog<LatencySample>): () => void {
  window.__parkit = { latency: log.items }
  return () => {
    delete window.__parkit
  }
}
