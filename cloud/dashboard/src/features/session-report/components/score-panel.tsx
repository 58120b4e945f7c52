import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { score } from '@/shared/format'
import { bandName, componentName, ruleTitle, strengthText } from '@/shared/i18n/score-texts'
import { useLanguage } from '@/shared/i18n/use-language'
import { Panel } from '@/shared/ui/panel'
import styles from './score-panel.module.css'

/** The score with the help it was earned at, its parts, one strength and the one thing to change. */
export function ScorePanel({ report }: { readonly report: SessionReport }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { card } = report
  return (
    <Panel title={t('report.score')} aside={<b className={styles.result} data-result={report.result}>{t(`result.${report.result}`)}</b>}>
      <div className={styles.top}>
        <Ring value={card.score} passed={card.passed} />
        <div className={styles.words}>
          <p className={styles.band}>{card.score === null ? t('report.na') : bandName(card.score, language)}</p>
          {card.passed !== null && (
            <p className={styles.passed} data-passed={card.passed}>
              <span aria-hidden="true">{card.passed ? '✓' : '×'}</span> {card.passed ? t('report.passed') : t('report.not_passed')}
            </p>
          )}
          <p className={styles.assist}>{t('report.with_assist', { level: report.assist_level })}</p>
        </div>
      </div>
      <Components card={card} />
      <dl className={styles.notes}>
        {card.strength && (
          <div>
            <dt>{t('report.strength')}</dt>
            <dd>{strengthText(card.strength, language)}</dd>
          </div>
        )}
        {card.best_change && (
          <div>
            <dt>{t('report.best_change')}</dt>
            <dd>{ruleTitle(card.best_change, language)}</dd>
          </div>
        )}
      </dl>
    </Panel>
  )
}

const RADIUS = 52
const ROUND = 2 * Math.PI * RADIUS

function Ring({ value, passed }: { readonly value: number | null; readonly passed: boolean | null }) {
  const { t } = useTranslation()
  return (
    <div className={styles.ring}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r={RADIUS} className={styles.groove} />
        {value !== null && (
          <circle cx="60" cy="60" r={RADIUS} className={styles.fill} data-passed={passed} strokeDasharray={`${(ROUND * value) / 100} ${ROUND}`} />
        )}
      </svg>
      <p>
        <strong>{score(value)}</strong>
        <span>{t('report.of_100')}</span>
      </p>
    </div>
  )
}

function Components({ card }: { readonly card: SessionReport['card'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <ul className={styles.components} aria-label={t('report.components')}>
      {Object.entries(card.maxima).map(([key, most]) => {
        const got = card.components[key]
        return (
          <li key={key}>
            <span>{componentName(key, language)}</span>
            <span className={styles.bar} aria-hidden="true">
              <span style={{ transform: `scaleX(${most > 0 ? (got ?? 0) / most : 0})` }} />
            </span>
            <span className={styles.of}>
              <b>{got === undefined ? '–' : score(got)}</b> / {score(most)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
