import { useTranslation } from 'react-i18next'
import { Choice } from '@/shared/ui/choice'
import { usePreferences } from '@/shared/ui/preferences'
import styles from './scene-board.module.css'

const LAYERS = ['cones', 'sweep', 'plan', 'trail', 'obstacles'] as const

interface SceneToolsProps {
  readonly paused: boolean
  readonly onPause: () => void
}

/** Which way is up, how much is shown, what is shown; and the pause of the picture. */
export function SceneTools({ paused, onPause }: SceneToolsProps) {
  const { t } = useTranslation()
  const { orientation, framing, layers, set } = usePreferences()
  return (
    <div className={styles.tools}>
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
        onChange={(value) => set({ framing: value })}
      />
      <div role="group" aria-label={t('live.layers')} className={styles.layers}>
        {LAYERS.map((layer) => (
          <button key={layer} type="button" aria-pressed={layers[layer]} onClick={() => set({ layers: { ...layers, [layer]: !layers[layer] } })}>
            {t(`layer.${layer}`)}
          </button>
        ))}
      </div>
      <button type="button" className={styles.pause} aria-pressed={paused} onClick={onPause}>
        {paused ? t('live.resume') : t('live.pause')}
      </button>
    </div>
  )
}
