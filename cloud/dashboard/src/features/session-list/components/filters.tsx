import { useTranslation } from 'react-i18next'
import { readFilter, RESULTS, type Filter } from '../filter'
import styles from './sessions.module.css'

interface FiltersProps {
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}

export function Filters({ filter, onFilter }: FiltersProps) {
  const { t } = useTranslation()
  return (
    <search className={styles.filters}>
      <input
        type="search"
        value={filter.find ?? ''}
        placeholder={t('sessions.search')}
        aria-label={t('sessions.search')}
        onChange={(event) => onFilter(readFilter({ ...filter, find: event.target.value }))}
      />
      <select
        value={filter.result ?? ''}
        aria-label={t('sessions.filter_result')}
        onChange={(event) => onFilter(readFilter({ ...filter, result: event.target.value }))}
      >
        <option value="">{t('sessions.all_results')}</option>
        {RESULTS.map((result) => (
          <option key={result} value={result}>
            {t(`result.${result}`)}
          </option>
        ))}
      </select>
    </search>
  )
}
