import { useTranslation } from 'react-i18next'
import { cueDirection, cueLevel, cueText } from '@/shared/i18n/cues'
import { useLanguage } from '@/shared/i18n/use-language'
import type { LiveView } from '@/shared/stream/session-stream'
import { CueIcon, DirectionArrow } from '@/shared/ui/cue-icon'
import { LevelIcon } from '@/shared/ui/level'
import styles from './cue-card.module.css'

/** The one thing the learner is told right now, large, with the other language beneath. */
export function CueCard({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const cue = view.decision?.cue
  if (!cue) {
    return (
      <section className={styles.card} aria-label={t('live.cue')} data-empty="true">
        <p className={styles.quiet}>{view.decision ? t('live.no_cue') : t('live.waiting_cue')}</p>
      </section>
    )
  }
  const direction = cueDirection(cue)
  const level = cueLevel(cue)
  const other = language === 'ko' ? 'en' : 'ko'
  return (
    <section className={styles.card} aria-label={t('live.cue')} data-level={level}>
      <span className={styles.icon}>{direction ? <DirectionArrow direction={direction} size={52} /> : <CueIcon id={cue.id} size={46} />}</span>
      <div className={styles.words}>
        <p className={styles.main}>{cueText(cue, language)}</p>
        <p className={styles.other} lang={other}>
          {cueText(cue, other)}
        </p>
      </div>
      {level !== 'clear' && <LevelIcon level={level} size={44} />}
    </section>
  )
}
