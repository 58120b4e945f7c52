import { create } from 'zustand'
import type { Language } from '../format'
import type { Theme } from '../scene/palette'
import { ALL_LAYERS, type Layers } from '../scene/scene'
import type { Framing, Orientation } from '../scene/view'

export type ThemeChoice = Theme | 'system'

interface Preferences {
  readonly language: Language
  readonly theme: ThemeChoice
  readonly orientation: Orientation
  readonly framing: Framing
  readonly layers: Layers
  readonly set: (change: Partial<Omit<Preferences, 'set'>>) => void
}

const STORAGE_KEY = 'parkit.preferences'

type Stored = Partial<Pick<Preferences, 'language' | 'theme' | 'orientation' | 'framing'>>

function stored(): Stored {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Stored
  } catch {
    return {} // storage blocked or garbled: start afresh
  }
}

function store({ language, theme, orientation, framing }: Preferences): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ language, theme, orientation, framing }))
  } catch {
    // a private window may refuse; the choice then lasts as long as the page
  }
}

/** How this person likes the page; kept in the browser. */
export const usePreferences = create<Preferences>((set, get) => ({
  language: navigator.language.startsWith('ko') ? 'ko' : navigator.language.startsWith('en') ? 'en' : 'ko',
  theme: 'system',
  orientation: 'slot-up',
  framing: 'follow',
  layers: ALL_LAYERS,
  ...stored(),
  set: (change) => {
    set(change)
    store(get())
  },
}))
