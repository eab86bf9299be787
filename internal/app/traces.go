package app

import (
	"context"

	"simpul/internal/exchange/gateway"
	"simpul/internal/platform/config"
	"simpul/internal/platform/telemetry"
)

// openTraces prepares to send traces, where the operator has named a collector.
func (h *Hub) openTraces(ctx context.Context) (err error) {
	c := h.config.Telemetry
	if c.OTLP == "" || !h.config.Has(config.Gateway) {
		return nil
	}
	h.tracer, err = telemetry.NewTracer(ctx, telemetry.TracerOptions{
		Collector: c.OTLP, Ratio: c.Ratio, Version: Version, Attributes: c.Attributes, Log: h.log,
	})
	return err
}

// traces is who hears of exchanges; nil for nobody.
func (h *Hub) traces() gateway.Tracer {
	if h.tracer == nil {
		return nil
	}
	return h.tracer
}

func (h *Hub) closeTraces() {
	if h.tracer != nil {
		h.tracer.Close()
	}
}
