package config

import (
	"net/url"
	"strings"
)

// validateFront checks what listeners speak beside HTTP/1.1, and where traces go.
func (c *Config) validateFront() error {
	if c.Control.H2C {
		return invalid("control.h2c", "true", "false; people's browsers speak HTTP/2 over TLS only")
	}
	if c.Gateway.H2C && c.Gateway.TLS.Cert != "" {
		return invalid("gateway.h2c", "true", "false beside gateway.tls, which speaks HTTP/2 already")
	}
	if (c.Gateway.ProxyProtocol || c.Control.ProxyProtocol) && len(c.Proxies) == 0 {
		return invalid("proxies", "", "the addresses of the proxies that speak the PROXY protocol")
	}
	return c.Telemetry.validate()
}

func (t Telemetry) validate() error {
	if !(0 <= t.Ratio && t.Ratio <= 1) {
		return invalid("telemetry.ratio", "", "0 to 1")
	}
	for _, a := range t.Attributes {
		if name, value, ok := strings.Cut(a, "="); !ok || name == "" || value == "" {
			return invalid("telemetry.attributes", a, "deployment.environment.name=produksi")
		}
	}
	if t.OTLP == "" {
		return nil
	}
	u, err := url.Parse(t.OTLP)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return invalid("telemetry.otlp", t.OTLP, "http://collector:4318")
	}
	return nil
}
