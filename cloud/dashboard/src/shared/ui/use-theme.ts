import { useSyncExternalStore } from 'react'
import type { Theme } from '../scene/palette'
import { usePreferences } from './preferences'

/** Whether a CSS media query holds, kept up to date. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )
}

/** The theme in force: the person's choice, or the system's. */
export function useTheme(): Theme {
  const choice = usePreferences(({ theme }) => theme)
  const systemIsLight = useMediaQuery('(prefers-color-scheme: light)')
  return choice === 'system' ? (systemIsLight ? 'light' : 'dark') : choice
}

export const useReducedMotion = (): boolean => useMediaQuery('(prefers-reduced-motion: reduce)')
