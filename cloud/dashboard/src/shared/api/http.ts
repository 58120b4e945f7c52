/** The API's one error shape: a stable word and a sentence for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly detail: string,
  ) {
    super(detail)
  }
}

async function failure(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as { error?: string; detail?: string }
  return new ApiError(response.status, body.error ?? 'http_error', body.detail ?? `HTTP ${response.status}`)
}

export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(`/api/v1${path}`, { headers: { accept: 'application/json' } })
  if (!response.ok) throw await failure(response)
  return (await response.json()) as T
}

/** As `getJson`, but null where there is nothing (404). */
export async function getJsonOrNull<T>(path: string): Promise<T | null> {
  try {
    return await getJson<T>(path)
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}
