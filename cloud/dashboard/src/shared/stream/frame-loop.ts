/** The page's one requestAnimationFrame loop; it runs only while somebody listens. */

type OnFrame = (nowMs: number) => void

const listeners = new Set<OnFrame>()
let handle: number | null = null

function run(nowMs: number): void {
  handle = listeners.size > 0 ? requestAnimationFrame(run) : null
  for (const listener of [...listeners]) listener(nowMs)
}

export function onAnimationFrame(listener: OnFrame): () => void {
  listeners.add(listener)
  handle ??= requestAnimationFrame(run)
  return () => {
    listeners.delete(listener)
  }
}
