/** The one place where SI becomes what people read: km/h, cm, degrees, wheel turns, clock times. */

export type Language = 'ko' | 'en'

const DASH = '–'

/** 1.39 m/s -> "5.0"; the sign is dropped, since the gear says which way. */
export const speedKmh = (metresPerSecond: number | null | undefined): string =>
  metresPerSecond == null || !Number.isFinite(metresPerSecond) ? DASH : Math.abs(metresPerSecond * 3.6).toFixed(1)

/** 0.423 m -> "42 cm", 1.25 m -> "1.3 m"; without a sign; a dash where nothing was measured. */
export function distance(metres: number | null | undefined): string {
  if (metres == null || !Number.isFinite(metres)) return DASH
  const length = Math.abs(metres)
  return length < 0.995 ? `${Math.round(length * 100)} cm` : `${length.toFixed(1)} m`
}

export const degrees = (radians: number): number => (radians * 180) / Math.PI

/** 0.052 rad -> "3.0°", without a sign. */
export const angle = (radians: number | null | undefined): string =>
  radians == null || !Number.isFinite(radians) ? DASH : `${Math.abs(degrees(radians)).toFixed(1)}°`

/** 12.34 s -> "12.3 s" (Korean "12.3초"). */
export function seconds(value: number | null | undefined, language: Language): string {
  if (value == null || !Number.isFinite(value)) return DASH
  return language === 'ko' ? `${value.toFixed(1)}초` : `${value.toFixed(1)} s`
}

/** 75.2 s -> "1:15". */
export function clock(value: number): string {
  const whole = Math.max(0, Math.floor(value))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** 3 210 µs -> "3.2 ms". */
export const milliseconds = (microseconds: number | null | undefined): string => {
  if (microseconds == null || !Number.isFinite(microseconds)) return DASH
  const ms = microseconds / 1000
  return `${ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`
}

/** A score without needless decimals: 87 -> "87", 86.5 -> "86.5", null -> "N/A". */
export const score = (value: number | null | undefined): string =>
  value == null ? 'N/A' : Number.isInteger(value) ? String(value) : value.toFixed(1)

export const dateTime = (microseconds: number, language: Language): string =>
  new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(microseconds / 1000)

const TURNS = {
  ko: ['반의 반 바퀴', '반 바퀴', '반 바퀴 조금 더', '한 바퀴', '한 바퀴 조금 더', '한 바퀴 반', '한 바퀴 반 조금 더', '두 바퀴'],
  en: ['¼ turn', '½ turn', '¾ turn', '1 turn', '1¼ turns', '1½ turns', '1¾ turns', '2 turns'],
} as const

/** How far a hand wheel is turned, in quarter turns of words; "" below an eighth of a turn. */
export function wheelTurns(handWheelRad: number, language: Language): string {
  const quarters = Math.round((Math.abs(handWheelRad) / (2 * Math.PI)) * 4)
  if (quarters === 0) return ''
  return TURNS[language][Math.min(quarters, 8) - 1] ?? ''
}
