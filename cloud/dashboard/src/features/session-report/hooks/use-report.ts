import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { fetchRecording, fetchReport } from '@/shared/api/sessions'
import type { SessionReport } from '@/shared/contracts.generated'
import { Playhead } from '../model/playhead'
import { Replay } from '../model/replay'

const ASK_AGAIN_MS = 1000
const NOTHING_RECORDED = { frames: [], decisions: [], events: [] } as const

/** The report, asked for again until it has been written. */
export const useReport = (sessionId: string) =>
  useQuery({
    queryKey: ['report', sessionId],
    queryFn: () => fetchReport(sessionId),
    refetchInterval: ({ state }) => (state.data === null ? ASK_AGAIN_MS : false),
  })

export interface ReplayState {
  readonly replay: Replay
  readonly playhead: Playhead
  readonly recorded: boolean
}

/** The report's session as something to play; without a recording it is only the driven path. */
export function useReplay(report: SessionReport): ReplayState {
  const recording = useQuery({
    queryKey: ['recording', report.session_id],
    queryFn: () => fetchRecording(report.session_id),
    staleTime: Infinity,
  })
  const replay = useMemo(() => new Replay(report, recording.data ?? NOTHING_RECORDED), [report, recording.data])
  const playhead = useMemo(() => new Playhead(replay.start, replay.end), [replay])
  useEffect(() => () => playhead.pause(), [playhead])
  return { replay, playhead, recorded: recording.isPending || replay.times.length > 0 }
}

export const usePlayheadTime = (playhead: Playhead): number =>
  useSyncExternalStore(playhead.subscribe, () => playhead.time)

export const usePlaying = (playhead: Playhead): boolean =>
  useSyncExternalStore(playhead.subscribe, () => playhead.playing)

export const useRate = (playhead: Playhead): number => useSyncExternalStore(playhead.subscribe, () => playhead.rate)
