// Package telemetry is the door to logs and metrics: a structured logger that
// never sees payloads, and counters in the Prometheus format.
package telemetry
