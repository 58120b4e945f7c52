import { useTranslation } from 'react-i18next'
import type { SessionReport } from '@/shared/contracts.generated'
import { score } from '@/shared/format'
import { bandName, causeSentence, causeTitle, changeText, componentName, strengthText } from '@/shared/i18n/score-texts'
import { useLanguage } from '@/shared/i18n/use-language'
import { Panel } from '@/shared/ui/panel'
import { countsFaults } from '../model/waterfall'
import styles from './score-panel.module.css'

/** The score with the help it was earned at, its parts, one strength and the one thing to change. */
export function ScorePanel({ report }: { readonly report: SessionReport }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { card } = report
  return (
    <Panel title={t('report.score')} aside={<b className={styles.result} data-result={report.result}>{t(`result.${report.result}`)}</b>}>
      <div className={styles.top}>
        {!countsFaults(card) && <Ring value={card.score} passed={card.passed} />}
        <div className={styles.words}>
          {card.score === null ? (
            card.passed === null && <p className={styles.band}>{t('report.na')}</p>
          ) : (
            <p className={styles.band}>{bandName(card.score, language, card.rubric)}</p>
          )}
          {card.passed !== null && (
            <p className={styles.passed} data-passed={card.passed}>
              <span aria-hidden="true">{card.passed ? '✓' : '×'}</span> {card.passed ? t('report.passed') : t('report.not_passed')}
            </p>
          )}
          <p className={styles.assist}>{t('report.with_assist', { level: report.assist_level })}</p>
          {(report.tries ?? 0) > 0 && <p className={styles.practice}>{t('report.practice', { n: report.tries ?? 0 })}</p>}
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
            <dd>
              {changeText(card.best_change, language)}
              {card.best_change_score != null && card.score !== null && card.best_change_score > card.score && (
                <span> {t('report.best_change_score', { score: score(card.best_change_score) })}</span>
              )}
            </dd>
          </div>
        )}
      </dl>
      <Causes card={card} />
    </Panel>
  )
}

/** The worst causes, each with what it cost. */
function Causes({ card }: { readonly card: SessionReport['card'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const causes = (card.causes ?? []).slice(0, MOST_CAUSES)
  if (causes.length === 0) return null
  return (
    <section className={styles.causes} aria-label={t('report.causes')}>
      <h3>{t('report.causes')}</h3>
      <ol>
        {causes.map((cause) => (
          <li key={cause.cause}>
            <b>{causeTitle(cause.cause, language)}</b>
            <strong>{t('report.points', { points: `−${score(cause.points)}` })}</strong>
            <p>{causeSentence(cause, language)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** More than three are not read. */
const MOST_CAUSES = 3
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
  if (countsFaults(card)) {
    return (
      <ul className={styles.components} aria-label={t('report.faults')}>
        {Object.entries(card.components).map(([key, faults]) => (
          <li key={key} className={styles.faults}>
            <span>{componentName(key, language)}</span>
            <b>{faults}</b>
          </li>
        ))}
      </ul>
    )
  }
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
