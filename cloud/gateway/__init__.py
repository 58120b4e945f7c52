"""STOMP 1.2 over WebSocket and SockJS: a sans-I/O middle (`stomp`, `session`, `outbox`) and thin ASGI shells."""
