import { useTranslation } from 'react-i18next'
import type { ScoreCard } from '@/shared/contracts.generated'
import { clock, score } from '@/shared/format'
import { componentName, deductionSentence, ruleTitle } from '@/shared/i18n/score-texts'
import { useLanguage } from '@/shared/i18n/use-language'
import { Panel } from '@/shared/ui/panel'
import { countsFaults, stepsOf } from '../model/waterfall'
import type { Playhead } from '../model/playhead'
import styles from './waterfall.module.css'

/** A deduction is shown from this long before it happened. */
const LEAD_S = 3

interface WaterfallProps {
  readonly card: ScoreCard
  readonly playhead: Playhead
}

/** From 100 down to the score: every deduction in words, largest first, with the way to its moment. */
export function Waterfall({ card, playhead }: WaterfallProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const steps = stepsOf(card.deductions)
  const faults = countsFaults(card)
  return (
    <Panel title={faults ? t('report.faults') : t('report.waterfall')}>
      {steps.length === 0 && <p className={styles.none}>{faults ? t('report.no_faults') : t('report.no_deductions')}</p>}
      <ol className={styles.steps}>
        {steps.map(({ deduction, from, to }, index) => (
          <li key={index}>
            <div className={styles.head}>
              <b>{ruleTitle(deduction.rule, language)}</b>
              <span>{componentName(deduction.component, language)}</span>
              {!faults && <strong>{t('report.points', { points: `−${score(deduction.points)}` })}</strong>}
            </div>
            {!faults && (
              <div className={styles.track} aria-hidden="true">
                <span className={styles.rest} style={{ width: `${Math.max(0, to)}%` }} />
                <span className={styles.taken} style={{ left: `${Math.max(0, to)}%`, width: `${from - to}%` }} />
              </div>
            )}
            <p>
              {deductionSentence(deduction, language)}
              <button type="button" onClick={() => playhead.seek(deduction.t0_s - LEAD_S)} aria-label={`${ruleTitle(deduction.rule, language)}: ${t('report.show')} ${clock(deduction.t0_s)}`}>
                {t('report.show')} {clock(deduction.t0_s)}
              </button>
            </p>
          </li>
        ))}
      </ol>
      {(card.left_out ?? []).length > 0 && (
        <p className={styles.leftOut}>{t('report.left_out', { rules: card.left_out?.map((rule) => ruleTitle(rule, language)).join(', ') ?? '' })}</p>
      )}
    </Panel>
  )
}
