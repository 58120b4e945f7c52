import { useTranslation } from 'react-i18next'
import { LEVEL_FILL, INK, levelRank, type Level } from '../severity'
import styles from './level.module.css'

const SHAPES: Readonly<Record<Level, string>> = {
  clear: 'M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18Z',
  caution: 'M12 3L22 20.5H2Z',
  warning: 'M12 1.8L22.2 12L12 22.2L1.8 12Z',
  critical: 'M8 2h8l6 6v8l-6 6H8l-6-6V8Z',
}

interface LevelIconProps {
  readonly level: Level
  readonly size?: number
}

/** Circle, triangle, diamond, octagon: the shape says the level without the colour. */
export function LevelIcon({ level, size = 20 }: LevelIconProps) {
  const bars = levelRank(level)
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" className={styles.icon}>
      <path d={SHAPES[level]} fill={LEVEL_FILL[level]} stroke="var(--level-edge)" strokeWidth="1.5" strokeLinejoin="round" />
      {Array.from({ length: bars }, (_, bar) => (
        <rect key={bar} x={12 + (bar - (bars - 1) / 2) * 3.6 - 1.1} y={level === 'caution' ? 10.5 : 8.2} width="2.2" height="7.6" rx="1" fill={INK} />
      ))}
    </svg>
  )
}

/** The level as a filled chip: shape, colour and word. */
export function LevelChip({ level }: { readonly level: Level }) {
  const { t } = useTranslation()
  return (
    <span className={styles.chip} data-level={level}>
      <LevelIcon level={level} size={16} />
      {t(`level.${level}`)}
    </span>
  )
}
