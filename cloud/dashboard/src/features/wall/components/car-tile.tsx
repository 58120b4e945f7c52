import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { speedKmh } from '@/shared/format'
import { cueText } from '@/shared/i18n/cues'
import { useLanguage } from '@/shared/i18n/use-language'
import { ALL_LAYERS } from '@/shared/scene/scene'
import type { SessionStream } from '@/shared/stream/session-stream'
import { useLiveView, useSessionStream } from '@/shared/stream/use-session-stream'
import { LevelChip } from '@/shared/ui/level'
import { SceneCanvas, type SceneSource } from '@/shared/ui/scene-canvas'
import styles from './wall.module.css'

const TILE_RATE_HZ = 10
const TILE_LAYERS = { ...ALL_LAYERS, labels: false, trail: false, obstacles: false }

/** One car on the wall: a small scene, its level, speed, gear, cue, and how fresh all that is. */
export function CarTile({ vehicleId }: { readonly vehicleId: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const stream = useSessionStream(vehicleId, TILE_RATE_HZ)
  const view = useLiveView(stream)
  const source = useMemo(() => tileSource(stream), [stream])
  const name = view.started?.driver_name || vehicleId
  const cue = view.decision?.cue
  return (
    <li className={styles.tile}>
      <Link to="/live/$vehicleId" params={{ vehicleId }}>
        <span className="visually-hidden">{t('wall.open', { name })}</span>
        <SceneCanvas source={source} label={name} orientation="slot-up" framing="follow" layers={TILE_LAYERS} className={styles.scene} />
        <div className={styles.facts}>
          <b>{name}</b>
          <span className={styles.state} data-link={view.link}>
            {t(`link.${view.link}`)}
          </span>
          <span className={styles.cue}>{cue ? cueText(cue, language) : t('wall.idle')}</span>
          <span className={styles.motion}>
            <LevelChip level={view.decision?.level ?? 'clear'} />
            {view.frame?.gear ?? '–'} · {speedKmh(view.frame?.speed_mps)} km/h
          </span>
        </div>
      </Link>
    </li>
  )
}

function tileSource(stream: SessionStream): SceneSource {
  return {
    version: () => stream.session.revision,
    scene: () => stream.session.scene(stream.getView().link === 'stale'),
    onPainted: () => stream.painted(),
  }
}
