import type { SessionReport } from '@/shared/contracts.generated'
import { levelRank } from '@/shared/severity'
import { usePlayheadTime } from '../hooks/use-report'
import type { Playhead } from '../model/playhead'
import styles from './replay-board.module.css'

const LEAD_S = 2

interface AlertStripProps {
  readonly report: SessionReport
  readonly playhead: Playhead
}

/**
 * Warnings along the time of the session: hue and height tell the level. For the pointer only; the table of
 * warnings offers the same by keyboard and to screen readers.
 */
export function AlertStrip({ report, playhead }: AlertStripProps) {
  const time = usePlayheadTime(playhead)
  const length = Math.max(playhead.end - playhead.start, 1e-6)
  const percent = (at: number) => `${((at - playhead.start) / length) * 100}%`
  return (
    <div className={styles.strip} aria-hidden="true">
      {report.alerts
        .filter(({ level }) => level !== 'clear')
        .sort((a, b) => levelRank(a.level) - levelRank(b.level))
        .map((span, index) => (
          <button
            key={index}
            type="button"
            tabIndex={-1}
            data-level={span.level}
            style={{ left: percent(span.t0_s), width: `max(3px, ${((span.t1_s - span.t0_s) / length) * 100}%)` }}
            onClick={() => playhead.seek(span.t0_s - LEAD_S)}
          />
        ))}
      <span className={styles.needle} style={{ left: percent(time) }} />
    </div>
  )
}
