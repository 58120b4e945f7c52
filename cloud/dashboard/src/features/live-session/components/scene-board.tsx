import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { speedKmh } from '@/shared/format'
import type { Scene } from '@/shared/scene/scene'
import type { LiveView, SessionStream } from '@/shared/stream/session-stream'
import { usePreferences } from '@/shared/ui/preferences'
import { SceneCanvas, type SceneSource } from '@/shared/ui/scene-canvas'
import { EndedBanner } from './ended-banner'
import styles from './scene-board.module.css'
import { SceneTools } from './scene-tools'

interface SceneBoardProps {
  readonly stream: SessionStream
  readonly view: LiveView
  readonly frozen: Scene | null
  readonly onPause: () => void
}

/** The picture from above, live or frozen. */
export function SceneBoard({ stream, view, frozen, onPause }: SceneBoardProps) {
  const { t } = useTranslation()
  const { orientation, framing, layers } = usePreferences()
  const source = useMemo(() => (frozen ? stillSource(frozen) : liveSource(stream)), [stream, frozen])
  const summary = view.frame
    ? t('live.scene_car', {
        gear: view.frame.gear,
        speed: speedKmh(view.frame.speed_mps),
        level: t(`level.${view.decision?.level ?? 'clear'}`),
      })
    : t('live.scene_none')
  return (
    <div className={styles.board}>
      <SceneCanvas source={source} label={t('live.scene', { summary })} orientation={orientation} framing={framing} layers={layers} className={styles.canvas} />
      <EndedBanner view={view} />
      {frozen && <p className={styles.frozen}>{t('live.paused')}</p>}
      <SceneTools paused={frozen !== null} onPause={onPause} />
    </div>
  )
}

function liveSource(stream: SessionStream): SceneSource {
  const isStale = () => ['stale', 'offline', 'reconnecting'].includes(stream.getView().link)
  return {
    version: () => `${stream.session.revision}${isStale() ? ' stale' : ''}`,
    scene: () => stream.session.scene(isStale()),
    onPainted: () => stream.painted(),
  }
}

const stillSource = (scene: Scene): SceneSource => ({ version: () => scene, scene: () => scene })
