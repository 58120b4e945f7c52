import { cueIcon } from '../i18n/cues'

/** Line drawings on a 24 px grid, by the icon names of the cue catalogue. */
const PATHS: Readonly<Record<string, string>> = {
  belt: 'M9 3a3 3 0 1 0 6 0M6 21v-7a6 6 0 0 1 12 0v7M8 10l9 9M13 16l4-2',
  mirror: 'M4 7h14a2 2 0 0 1 2 2v4a4 4 0 0 1-4 4H7a3 3 0 0 1-3-3ZM8 17v4M8 11l3 3M12 10l4 4',
  look: 'M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12ZM12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6',
  slot: 'M4 21V4M20 21V4M9 19V7h4a3.5 3.5 0 0 1 0 7H9',
  slow: 'M4 17a8 8 0 1 1 16 0M12 17l-4-4M4 21h16',
  gap: 'M4 4v16M20 4v16M7 12h10M10 9l-3 3 3 3M14 9l3 3-3 3',
  brake: 'M12 8a4.500 4.500 0 1 0 0 9 4.500 4.500 0 1 0 0-9M4.500 6a9 9 0 0 0 0 13M19.500 6a9 9 0 0 1 0 13M12 10.500v2.500M12 15v.1',
  stop_line: 'M3 20h18M12 3v11M8 10l4 4 4-4',
  stop: 'M8 2.500h8l5.500 5.500v8L16 21.500H8L2.500 16V8ZM8 12h8',
  reverse: 'M12 3v17M6 14l6 6 6-6',
  forward: 'M12 21V4M6 10l6-6 6 6',
  keep: 'M12 21V4M8 8l4-4 4 4M8 14l4-4 4 4',
  steer: 'M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 10a2 2 0 1 0 0 4 2 2 0 1 0 0-4M3 12h7M14 12h7M12 14v7',
  wheel_centre: 'M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 10a2 2 0 1 0 0 4 2 2 0 1 0 0-4M3 12h7M14 12h7M12 14v7M12 3v3',
  wheel_hold: 'M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M8 12l3 3 5-6',
  gear_r: 'M9 21V4h5a4.500 4.500 0 0 1 0 9H9M13 13l5 8',
  gear_d: 'M8 4h4a8 8 0 0 1 0 17H8Z',
  gear_p: 'M8 21V4h5a5 5 0 0 1 0 10H8',
  swing: 'M7 21V10a3 3 0 0 1 3-3h2M14 3l4 4-4 4M4 3v5',
  rear: 'M7 3h10l1 9H6ZM5 17h14M8 21h8',
  front: 'M7 21h10l1-9H6ZM5 7h14M8 3h8',
  side: 'M4 3h8v18H4ZM16 6v12M20 9v6',
  line: 'M4 3v18M20 3v18M9 16l6-8M15 12V8h-4',
  person: 'M12 3a2 2 0 1 0 0 4.100 2 2 0 0 0 0-4.100M8 11l4-2 4 2M12 9v6l-3 6M12 15l3 6',
  sensor: 'M4 20L20 4M8 8a6 6 0 0 0 0 8M16 8a6 6 0 0 1 0 8M12 11v2',
  contact: 'M3 12h5M16 12h5M12 3v4M12 17v4M6 6l2.500 2.500M18 6l-2.500 2.500M6 18l2.500-2.500M18 18l-2.500-2.500',
  align: 'M12 3v18M5 8h5M14 8h5M5 16h5M14 16h5',
  check: 'M4 13l5 5L20 6',
  assist: 'M12 3a6 6 0 0 1 3 11v3H9v-3a6 6 0 0 1 3-11M10 21h4',
  person_speaking: 'M8 4a3.500 3.500 0 1 0 0 7 3.500 3.500 0 1 0 0-7M2 21v-2a5 5 0 0 1 5-5h2a5 5 0 0 1 5 5v2M17 8a5 5 0 0 1 0 7M20 5a9 9 0 0 1 0 13',
  link: 'M4 20L20 4M5 13a10 10 0 0 1 5-3M9 16.500a5 5 0 0 1 5 0M12 20v.1',
}

export const ICON_NAMES = Object.keys(PATHS)

interface CueIconProps {
  readonly id: string
  readonly size: number
}

export function CueIcon({ id, size }: CueIconProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[cueIcon(id)] ?? PATHS['keep']} />
    </svg>
  )
}

/** A curved arrow for a turn of the wheel: the way the hands go. */
export function DirectionArrow({ direction, size }: { readonly direction: 'left' | 'right'; readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" fill="none" stroke="currentColor" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" style={direction === 'left' ? { transform: 'scaleX(-1)' } : undefined}>
      <path d="M8 34a17 17 0 0 1 31-8M40 12v15H25" />
    </svg>
  )
}
