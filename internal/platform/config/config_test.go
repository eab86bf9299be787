package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
)

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "simpul.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	file := write(t, "gateway:\n  addr: \":7001\"\ncontrol:\n  addr: \":7002\"\nlimits:\n  body: 5\n")
	c, err := config.Load(file, map[string]string{"SIMPUL_GATEWAY_ADDR": ":9001", "SIMPUL_LIMITS_GRACE": "3s", "SIMPUL_ROLES": "gateway,worker"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Gateway.Addr != ":9001" || c.Control.Addr != ":7002" || c.Limits.Body != 5 || c.Limits.Grace.Seconds() != 3 {
		t.Errorf("got %+v", c)
	}
	if c.Limits.Header != config.Default().Limits.Header {
		t.Errorf("a key that nobody set lost its default: %d", c.Limits.Header)
	}
	if c.Has(config.Control) || !c.Has(config.Worker) {
		t.Errorf("roles %v", c.Roles)
	}
}

func TestUnknownKeysAndBadValuesAreNamedWithTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"gateway:\n  adress: x\n":          "line 2: field adress not found",
		"limits:\n  body: lots\n":          "line 2: cannot unmarshal",
		"data: a\ndata: b\n":               "line 2",
		"log: {level: info\n":              "line 1",
		"limits:\n  grace: 5 parsecs\n":    "line 2",
		"gateway: [1, 2]\ncontrol: true\n": "line 1",
	} {
		if _, err := config.Load(write(t, text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"no role":                   func(c *config.Config) { c.Roles = nil },
		"unknown role":              func(c *config.Config) { c.Roles = []config.Role{"king"} },
		"address":                   func(c *config.Config) { c.Gateway.Addr = "8080" },
		"a certificate without key": func(c *config.Config) { c.Gateway.TLS.Cert = "a.pem" },
		"a key without certificate": func(c *config.Config) { c.Control.TLS.Key = "a.pem" },
		"tiny header":               func(c *config.Config) { c.Limits.Header = 1 },
		"endless silence":           func(c *config.Config) { c.Limits.Grace = 0 },
	} {
		c := config.Default()
		change(&c)
		if err := c.Validate(); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	c := config.Default()
	if err := c.Validate(); err != nil || !filepath.IsAbs(c.Data) || !strings.HasPrefix(c.Database.URL, "sqlite:///") {
		t.Errorf("defaults: %v, %+v", err, c)
	}
}

func TestAnEmptyFileIsTheDefaults(t *testing.T) {
	if _, err := config.Load(write(t, ""), nil); err != nil {
		t.Error(err)
	}
}
