import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { clock, seconds } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import { usePlayheadTime, usePlaying, useRate } from '../hooks/use-report'
import { RATES } from '../model/keys'
import type { Playhead } from '../model/playhead'
import { levelAt } from '../model/replay'
import styles from './replay-board.module.css'

interface TransportProps {
  readonly report: SessionReport
  readonly playhead: Playhead
}

/** Play, where we are, how fast. */
export function Transport({ report, playhead }: TransportProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const time = usePlayheadTime(playhead)
  const playing = usePlaying(playhead)
  const rate = useRate(playhead)
  return (
    <div className={styles.transport}>
      <button type="button" className={styles.play} onClick={() => playhead.toggle()} aria-label={playing ? t('report.pause') : t('report.play')}>
        <svg width="18" height="18" viewBox="0 0 18 18" fill="currentColor" aria-hidden="true">
          <path d={playing ? 'M4 2.500h3.500v13H4ZM10.500 2.500H14v13h-3.500Z' : 'M4.500 2.200L15.500 9L4.500 15.800Z'} />
        </svg>
      </button>
      <input
        type="range"
        className={styles.slider}
        min={playhead.start}
        max={playhead.end}
        step={0.05}
        value={time}
        onChange={(event) => playhead.seek(Number(event.target.value))}
        aria-label={t('report.scrubber')}
        aria-valuetext={t('report.at', { time: seconds(time, language), level: t(`level.${levelAt(report.alerts, time)}`) })}
      />
      <p className={styles.time}>
        {clock(time - playhead.start)} / {clock(playhead.end - playhead.start)}
      </p>
      <p className={styles.keys}>{t('report.keys')}</p>
      <select value={rate} onChange={(event) => playhead.setRate(Number(event.target.value))} aria-label={t('report.speed')} className={styles.rate}>
        {RATES.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
    </div>
  )
}
