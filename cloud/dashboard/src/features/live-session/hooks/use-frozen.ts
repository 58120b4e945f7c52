import { useCallback, useEffect, useState } from 'react'

/** A value held still while paused; `Esc` returns to the live one. */
export function useFrozen<T>(live: T): { readonly shown: T; readonly paused: boolean; readonly toggle: () => void } {
  const [held, setHeld] = useState<{ readonly value: T } | null>(null)
  const toggle = useCallback(() => setHeld((before) => (before ? null : { value: live })), [live])
  const paused = held !== null
  useEffect(() => {
    if (!paused) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setHeld(null)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [paused])
  return { shown: held ? held.value : live, paused, toggle }
}
