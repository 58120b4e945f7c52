import type { ReactNode } from 'react'
import styles from './panel.module.css'

interface PanelProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly className?: string | undefined
}

/** A titled card. */
export function Panel({ title, aside, children, className }: PanelProps) {
  return (
    <section className={`${styles.panel} ${className ?? ''}`} aria-label={title}>
      <header className={styles.header}>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
