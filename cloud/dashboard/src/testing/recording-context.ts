export interface Call {
  readonly name: string
  readonly arguments: readonly unknown[]
  /** Paint in force when the call was made. */
  readonly fillStyle: unknown
  readonly strokeStyle: unknown
}

/** A canvas context that draws nothing and remembers every call. */
export function recordingContext(): { ctx: CanvasRenderingContext2D; calls: Call[] } {
  const calls: Call[] = []
  const state: Record<string, unknown> = {}
  const ctx = new Proxy(state, {
    get: (_target, name: string) => {
      if (name in state) return state[name]
      return (...args: unknown[]) => {
        calls.push({ name, arguments: args, fillStyle: state['fillStyle'], strokeStyle: state['strokeStyle'] })
        return name === 'measureText' ? { width: 40 } : undefined
      }
    },
  })
  return { ctx: ctx as unknown as CanvasRenderingContext2D, calls }
}
