import { useMemo, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { cueText } from '@/shared/i18n/cues'
import { useLanguage } from '@/shared/i18n/use-language'
import { ALL_LAYERS } from '@/shared/scene/scene'
import type { Framing } from '@/shared/scene/view'
import { Choice } from '@/shared/ui/choice'
import { LevelChip } from '@/shared/ui/level'
import { usePreferences } from '@/shared/ui/preferences'
import { SceneCanvas, type SceneSource } from '@/shared/ui/scene-canvas'
import { usePlayheadTime } from '../hooks/use-report'
import { keyAction } from '../model/keys'
import type { Playhead } from '../model/playhead'
import { levelAt, type Replay } from '../model/replay'
import { AlertStrip } from './alert-strip'
import styles from './replay-board.module.css'
import { Transport } from './transport'

interface ReplayBoardProps {
  readonly report: SessionReport
  readonly replay: Replay
  readonly playhead: Playhead
  readonly recorded: boolean
}

/** The session played again: scene, strip of warnings, transport; keys work while the focus is in here. */
export function ReplayBoard({ report, replay, playhead, recorded }: ReplayBoardProps) {
  const { t } = useTranslation()
  const { orientation, set } = usePreferences()
  // a report shows the whole way first
  const [framing, setFraming] = useState<Framing>('lot')
  const source = useMemo<SceneSource>(
    () => ({ version: () => playhead.time, scene: () => replay.sceneAt(playhead.time) }),
    [replay, playhead],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const onControl = event.target instanceof HTMLElement && event.target.closest('button, select') !== null
    if (keyAction(event.key, event.shiftKey, onControl, playhead, report.alerts)) event.preventDefault()
  }
  return (
    // keys are a shortcut for what the buttons and the slider inside do as well
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className={styles.board} aria-label={t('report.replay')} onKeyDown={onKeyDown}>
      <div className={styles.stage}>
        <SceneCanvas source={source} label={t('report.scene')} orientation={orientation} framing={framing} layers={ALL_LAYERS} className={styles.canvas} />
        <Caption replay={replay} playhead={playhead} report={report} />
        <div className={styles.views}>
          <Choice
            label={t('live.orientation')}
            value={orientation}
            options={[
              { value: 'slot-up', label: t('live.slot_up') },
              { value: 'north-up', label: t('live.north_up') },
            ]}
            onChange={(value) => set({ orientation: value })}
          />
          <Choice
            label={t('live.framing')}
            value={framing}
            options={[
              { value: 'follow', label: t('live.follow') },
              { value: 'lot', label: t('live.whole_lot') },
            ]}
            onChange={setFraming}
          />
        </div>
      </div>
      {!recorded && <p className={styles.missing}>{t('report.no_recording')}</p>}
      <AlertStrip report={report} playhead={playhead} />
      <Transport report={report} playhead={playhead} />
    </section>
  )
}

/** What the learner was told at the playhead. */
function Caption({ report, replay, playhead }: Pick<ReplayBoardProps, 'report' | 'replay' | 'playhead'>) {
  const language = useLanguage()
  const time = usePlayheadTime(playhead)
  const cue = replay.decisionAt(time)?.cue
  return (
    <p className={styles.caption}>
      <LevelChip level={levelAt(report.alerts, time)} />
      {cue && <b>{cueText(cue, language)}</b>}
    </p>
  )
}
