import { useTranslation } from 'react-i18next'
import { degrees, wheelTurns, type Language } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import styles from './wheel.module.css'

interface WheelProps {
  /** Hand-wheel angles [rad], left positive. */
  readonly actual: number
  readonly target: number | null
}

const GOOD_WITHIN_RAD = (10 * Math.PI) / 180
const RADIUS = 62

/** A point on the ring, `angle` degrees clockwise from the top. */
const onRing = (angle: number): string => {
  const radians = (angle * Math.PI) / 180
  return `${(RADIUS * Math.sin(radians)).toFixed(2)} ${(-RADIUS * Math.cos(radians)).toFixed(2)}`
}

/** The way the hands have to go, from where the wheel is to where it should be; at most just short of a full turn. */
function arcPath(fromDegrees: number, toDegrees: number): string {
  const sweep = Math.max(-350, Math.min(350, toDegrees - fromDegrees))
  return `M${onRing(fromDegrees)}A${RADIUS} ${RADIUS} 0 ${Math.abs(sweep) > 180 ? 1 : 0} ${sweep > 0 ? 1 : 0} ${onRing(fromDegrees + sweep)}`
}

export function Wheel({ actual, target }: WheelProps) {
  const language = useLanguage()
  const advice = useAdvice(actual, target, language)
  // on the screen clockwise is positive, in the data left is
  const shown = -degrees(actual)
  const wanted = target === null ? null : -degrees(target)
  const good = target !== null && Math.abs(target - actual) <= GOOD_WITHIN_RAD
  return (
    <div className={styles.wheel} data-good={good}>
      <svg viewBox="-76 -76 152 152" role="img" aria-label={advice}>
        <circle r={RADIUS} className={styles.track} />
        {wanted !== null && !good && <path d={arcPath(shown, wanted)} className={styles.arc} />}
        <g style={{ transform: `rotate(${shown.toFixed(1)}deg)` }} className={styles.turning}>
          <circle r="47" className={styles.rim} />
          <path d="M-45 4Q-22 2 -13 -4M45 4Q22 2 13 -4M0 14V46" className={styles.spokes} />
          <circle r="15" className={styles.hub} />
          <path d="M0 -53V-41" className={styles.top} />
        </g>
        {wanted !== null && (
          <g style={{ transform: `rotate(${wanted.toFixed(1)}deg)` }}>
            <path d={`M0 ${-RADIUS + 7}l-7 -13h14Z`} className={styles.target} />
          </g>
        )}
      </svg>
      <p className={styles.advice}>{advice}</p>
    </div>
  )
}

function useAdvice(actual: number, target: number | null, language: Language): string {
  const { t } = useTranslation()
  if (target === null) return t('live.wheel_now', { turns: turnsText(actual, language, t('live.wheel_centre'), t) })
  const delta = target - actual
  if (Math.abs(delta) <= GOOD_WITHIN_RAD) return t('live.wheel_good')
  const dir = t(delta > 0 ? 'side.left' : 'side.right')
  const turns = wheelTurns(delta, language)
  return turns === '' ? t('live.wheel_little', { dir }) : t('live.wheel_to', { turns, dir })
}

function turnsText(angle: number, language: Language, straight: string, t: (key: 'side.left' | 'side.right') => string): string {
  const turns = wheelTurns(angle, language)
  if (turns === '') return straight
  const side = t(angle > 0 ? 'side.left' : 'side.right')
  return language === 'ko' ? `${side} ${turns}` : `${turns} ${side}`
}
