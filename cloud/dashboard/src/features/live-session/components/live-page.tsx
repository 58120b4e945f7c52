import { useEffect, useMemo } from 'react'
import { exposeLatency } from '@/shared/stream/expose'
import { useLiveView, useSessionStream } from '@/shared/stream/use-session-stream'
import { SlotReasons } from '@/shared/ui/slot-reasons'
import { useFrozen } from '../hooks/use-frozen'
import { Alerts } from './alerts'
import { CueCard } from './cue-card'
import { Gauges } from './gauges'
import { LiveHeader } from './live-header'
import styles from './live-page.module.css'
import { PlanProgress } from './plan-progress'
import { SceneBoard } from './scene-board'

/** One car, as it drives. */
export function LivePage({ vehicleId }: { readonly vehicleId: string }) {
  const stream = useSessionStream(vehicleId, 'max')
  const live = useLiveView(stream)
  const { shown, paused, toggle } = useFrozen(live)
  // taken once, when the view is frozen
  const frozen = useMemo(() => (paused ? { ...stream.session.scene(), trail: [...stream.session.trail] } : null), [paused, stream])
  useEffect(() => exposeLatency(stream.latency), [stream])
  return (
    <div className={styles.page}>
      <LiveHeader vehicleId={vehicleId} view={live} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <CueCard view={shown} />
          <SceneBoard stream={stream} view={shown} frozen={frozen} onPause={toggle} />
        </div>
        <aside className={styles.side}>
          <Gauges view={shown} />
          <PlanProgress view={shown} />
          <SlotReasons offers={shown.offers} />
          <Alerts view={shown} />
        </aside>
      </div>
    </div>
  )
}
