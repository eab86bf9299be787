package config_test

import (
	"testing"

	"simpul"
	"simpul/internal/platform/config"
)

func TestWhatListenersSpeakAndWhereTracesGo(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"h2c for people":          func(c *config.Config) { c.Control.H2C = true },
		"h2c beside TLS":          func(c *config.Config) { c.Gateway.H2C, c.Gateway.TLS = true, config.TLS{Cert: "a", Key: "b"} },
		"a proxy that nobody is":  func(c *config.Config) { c.Gateway.ProxyProtocol = true },
		"more than all":           func(c *config.Config) { c.Telemetry.Ratio = 1.1 },
		"fewer than none":         func(c *config.Config) { c.Telemetry.Ratio = -0.1 },
		"a collector without URL": func(c *config.Config) { c.Telemetry.OTLP = "collector:4318" },
		"an attribute of nothing": func(c *config.Config) { c.Telemetry.Attributes = []string{"a"} },
		"a password in the URL":   func(c *config.Config) { c.Telemetry.OTLP = "http://a:b@collector:4318" },
	} {
		c := config.Default()
		change(&c)
		if err := c.Validate(); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	c, err := config.Load(write(t, "proxies: [10.0.0.1]\ngateway: {h2c: true, proxyProtocol: true}\ntelemetry: {otlp: \"http://collector:4318\", ratio: 1, attributes: [a=b]}\n"),
		map[string]string{"SIMPUL_TELEMETRY_ATTRIBUTES": "deployment.environment.name=uji,x=y"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil || !c.Gateway.H2C || !c.Gateway.ProxyProtocol || len(c.Telemetry.Attributes) != 2 {
		t.Errorf("%v: %+v", err, c)
	}
}
