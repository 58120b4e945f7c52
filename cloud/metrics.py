"""Prometheus metrics of the cloud, all named `parkit_cloud_…`. One registry a process."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_MS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

LIVE_RECORDS = Counter("parkit_cloud_live_records_total", "Records read from Kafka for the live view", ["topic"])
LIVE_REFUSED = Counter("parkit_cloud_live_refused_total", "Live records that broke their contract", ["kind", "reason"])
LIVE_LAG = Histogram("parkit_cloud_live_lag_seconds", "Age of a Kafka record when it reaches the live bus", buckets=_MS)
CONNECTIONS = Gauge("parkit_cloud_gateway_connections", "Open STOMP connections", ["transport"])
SUBSCRIPTIONS = Gauge("parkit_cloud_gateway_subscriptions", "Open STOMP subscriptions")
MESSAGES_SENT = Counter("parkit_cloud_gateway_messages_total", "STOMP messages sent to clients")
MESSAGES_DROPPED = Counter("parkit_cloud_gateway_dropped_total", "Messages displaced by newer ones before sending")
SLOW_CLIENTS = Counter("parkit_cloud_gateway_slow_clients_total", "Connections closed because the client fell behind")
PROTOCOL_ERRORS = Counter(
    "parkit_cloud_gateway_protocol_errors_total", "Connections ended by an ERROR frame", ["reason"]
)
COMMANDS = Counter("parkit_cloud_commands_total", "Commands from dashboards to cars", ["outcome"])
ANALYSIS_RECORDS = Counter("parkit_cloud_analysis_records_total", "Records taken in by analysis", ["topic"])
ANALYSIS_DUPLICATES = Counter("parkit_cloud_analysis_duplicates_total", "Records stored already")
DEAD_LETTERS = Counter("parkit_cloud_dead_letters_total", "Records filed as dead letters", ["topic", "reason"])
FLUSH_SECONDS = Histogram("parkit_cloud_analysis_flush_seconds", "Time to store a batch and commit it", buckets=_MS)
REPORTS = Counter("parkit_cloud_reports_total", "Session reports written", ["result"])
REPORT_SECONDS = Histogram("parkit_cloud_report_seconds", "Time to build and store one report", buckets=_MS)
MISSING_FRAMES = Counter("parkit_cloud_missing_frames_total", "Frames that had not come when a session was reported")
KAFKA_UP = Gauge("parkit_cloud_kafka_up", "1 while Kafka answers", ["client"])
HTTP_SECONDS = Histogram(
    "parkit_cloud_http_request_seconds", "Time to answer a REST request", ["method", "route", "status"], buckets=_MS
)
