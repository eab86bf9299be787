package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/caarlos0/env/v11"
	"go.yaml.in/yaml/v3"

	"simpul"
)

// Role is one part of the work of a hub. A laptop does all in one process.
type Role string

const (
	Gateway Role = "gateway" // serves applications
	Control Role = "control" // serves people and the control API
	Worker  Role = "worker"  // background work: indexing

	WitnessRole Role = "witness" // cosigns the logs of others; alone it needs no database
)

// Config is everything that can be set. Sizes are bytes.
type Config struct {
	Data              string   `yaml:"data" env:"DATA"`
	Roles             []Role   `yaml:"roles" env:"ROLES"`
	Database          Database `yaml:"database" envPrefix:"DATABASE_"`
	Vault             Vault    `yaml:"vault" envPrefix:"VAULT_"`
	Duty              Duty     `yaml:"duty" envPrefix:"DUTY_"`
	Grants            Grants   `yaml:"grants" envPrefix:"GRANTS_"`
	Gateway           Listener `yaml:"gateway" envPrefix:"GATEWAY_"`
	Control           Listener `yaml:"control" envPrefix:"CONTROL_"`
	Mail              Mail     `yaml:"mail" envPrefix:"MAIL_"`
	Proxies           []string `yaml:"proxies" env:"PROXIES"`                     // addresses or CIDR prefixes whose X-Forwarded-For is believed
	ProxyCertificates []string `yaml:"proxyCertificates" env:"PROXYCERTIFICATES"` // addresses or CIDR prefixes of proxies that set Client-Cert themselves (RFC 9440), whatever a client sends; empty: none, so that it is no credential
	Limits            Limits   `yaml:"limits" envPrefix:"LIMITS_"`
	Drain             Drain    `yaml:"drain" envPrefix:"DRAIN_"`
	Session           Session  `yaml:"session" envPrefix:"SESSION_"`

	Feasibility Feasibility `yaml:"feasibility" envPrefix:"FEASIBILITY_"`
	Traffic     Traffic     `yaml:"traffic" envPrefix:"TRAFFIC_"`

	Witness   Witness    `yaml:"witness" envPrefix:"WITNESS_"`
	Witnesses []Cosigner `yaml:"witnesses" env:"WITNESSES"` // that are asked to cosign the hub's evidence log

	Telemetry Telemetry `yaml:"telemetry" envPrefix:"TELEMETRY_"`

	Metrics Metrics `yaml:"metrics" envPrefix:"METRICS_"`

	Log Log `yaml:"log" envPrefix:"LOG_"`
}

// Database says where rows are kept.
type Database struct {
	URL string `yaml:"url" env:"URL"` // empty: SQLite in the data folder
}

// Vault says where the key is that seals secrets at rest. Several processes on
// one database need the same file.
type Vault struct {
	File   string `yaml:"file" env:"FILE"` // empty: vault.json in the data folder
	PKCS11 PKCS11 `yaml:"pkcs11" envPrefix:"PKCS11_"`
}

// PKCS11 names the key of a token that wraps the vault's file. Without a module
// the file is in clear.
type PKCS11 struct {
	Module  string        `yaml:"module" env:"MODULE"`   // path of the vendor's library
	Token   string        `yaml:"token" env:"TOKEN"`     // label
	Key     string        `yaml:"key" env:"KEY"`         // ID of the RSA key pair, hexadecimal
	PIN     simpul.Secret `yaml:"pin" env:"PIN"`         // better by environment or pinFile
	PINFile string        `yaml:"pinFile" env:"PINFILE"` // whose first line is the PIN; only its owner may read it
}

// Duty says who may be the second of two people.
type Duty struct {
	Tokens bool `yaml:"tokens" env:"TOKENS"` // a program's token may; for a hub without accounts of people
}

// Grants says how long access may be given for, and what becomes of a grant that
// nobody uses. All in days.
type Grants struct {
	Days   GrantDays `yaml:"days" envPrefix:"DAYS_"`
	Unused Unused    `yaml:"unused" envPrefix:"UNUSED_"`
}

// GrantDays is how far ahead a grant may end, by the class of its LID; 0: as far
// as people write.
type GrantDays struct {
	Open       int `yaml:"open" env:"OPEN"` // of requests; a provider may give more
	Restricted int `yaml:"restricted" env:"RESTRICTED"`
	Closed     int `yaml:"closed" env:"CLOSED"`
}

// Unused says when a grant that nobody uses is spoken of, and stopped.
type Unused struct {
	Warn  int `yaml:"warn" env:"WARN"`   // without an exchange until both parties are told; 0: never
	Grace int `yaml:"grace" env:"GRACE"` // after that, until the hub suspends it; 0: it never does
}

// Listener is one address on which the hub serves.
type Listener struct {
	Addr string `yaml:"addr" env:"ADDR"`
	URL  string `yaml:"url" env:"URL"` // as the outside sees it; empty: derived from addr
	TLS  TLS    `yaml:"tls" envPrefix:"TLS_"`

	H2C           bool `yaml:"h2c" env:"H2C"`                     // HTTP/2 without TLS, beside HTTP/1.1; of the gateway only
	ProxyProtocol bool `yaml:"proxyProtocol" env:"PROXYPROTOCOL"` // every connection of a proxy begins with the client's address
}

// TLS makes a listener speak TLS itself. The files are PEM and are read again
// when they change.
type TLS struct {
	Cert     string `yaml:"cert" env:"CERT"`         // certificate and its chain; empty: no TLS, or a proxy's matter
	Key      string `yaml:"key" env:"KEY"`           // private key of the certificate
	ClientCA string `yaml:"clientCA" env:"CLIENTCA"` // authorities of clients' certificates; empty: none is trusted
}

// Mail says through which server letters go.
type Mail struct {
	Host     string        `yaml:"host" env:"HOST"` // empty: nothing is sent, notices stay in the inbox
	Port     int           `yaml:"port" env:"PORT"` // 0: 587, or 465 with tls
	TLS      string        `yaml:"tls" env:"TLS"`   // starttls (when empty), tls, or none for a server on this machine
	Username string        `yaml:"username" env:"USERNAME"`
	Password simpul.Secret `yaml:"password" env:"PASSWORD"`
	From     string        `yaml:"from" env:"FROM"` // address, or Name <address>
}

// Limits protect the hub from slow and greedy peers.
type Limits struct {
	Header        int           `yaml:"header" env:"HEADER"`               // request head
	Body          int64         `yaml:"body" env:"BODY"`                   // request body, where a LID sets none
	HeaderTimeout time.Duration `yaml:"headerTimeout" env:"HEADERTIMEOUT"` // to receive a request head
	IdleTimeout   time.Duration `yaml:"idleTimeout" env:"IDLETIMEOUT"`     // of a kept-alive connection
	Grace         time.Duration `yaml:"grace" env:"GRACE"`                 // silence of a peer within a body
	MinRate       int64         `yaml:"minRate" env:"MINRATE"`             // bytes a second that earn a peer more time
	Connections   int           `yaml:"connections" env:"CONNECTIONS"`     // on one listener
	Origin        int           `yaml:"origin" env:"ORIGIN"`               // connections to one provider
	Kept          int64         `yaml:"kept" env:"KEPT"`                   // answers that are kept in memory, bytes over all LIDs
	Calls         int           `yaml:"calls" env:"CALLS"`                 // under way at one time, above which agencies are held to their fair part
}

// Drain says how a hub stops.
type Drain struct {
	Delay   time.Duration `yaml:"delay" env:"DELAY"`     // not ready any more, still answering
	Timeout time.Duration `yaml:"timeout" env:"TIMEOUT"` // for calls under way to end
}

// Session says how long people stay signed in.
type Session struct {
	Idle     time.Duration `yaml:"idle" env:"IDLE"`         // without a request
	Absolute time.Duration `yaml:"absolute" env:"ABSOLUTE"` // in all
}

// Feasibility says how LIDs are tested before they are published.
type Feasibility struct {
	Valid       time.Duration `yaml:"valid" env:"VALID"`             // how long a pass lets a LID enter publication
	PrivateHTTP bool          `yaml:"privateHTTP" env:"PRIVATEHTTP"` // http to private and loopback addresses is a warning, whatever the class
}

// Telemetry says where traces of exchanges go.
type Telemetry struct {
	OTLP       string   `yaml:"otlp" env:"OTLP"`             // base URL of a collector that takes OTLP over HTTP; empty: no traces are made
	Ratio      float64  `yaml:"ratio" env:"RATIO"`           // of exchanges that are traced, 0 to 1
	Attributes []string `yaml:"attributes" env:"ATTRIBUTES"` // of the resource, each name=value, beside service.name and service.version
}

// Traffic says how calls are counted.
type Traffic struct {
	Zone string `yaml:"zone" env:"ZONE"` // time zone in which the days and months of quotas begin
}

// Metrics says who may read them. Whoever shows the token may, from anywhere.
type Metrics struct {
	Token simpul.Secret `yaml:"token" env:"TOKEN"` // empty: only addresses count
	Allow []string      `yaml:"allow" env:"ALLOW"` // addresses or CIDR prefixes that need no token
}

// Log says what is logged, on standard error.
type Log struct {
	Level  string `yaml:"level" env:"LEVEL"`   // debug, info, warn, error
	Format string `yaml:"format" env:"FORMAT"` // text, json
}

// Default returns the settings of a hub that was told nothing.
func Default() Config {
	return Config{
		Data:    "var",
		Roles:   []Role{Gateway, Control, Worker},
		Gateway: Listener{Addr: ":8080"},
		Control: Listener{Addr: ":8081"},
		Witness: Witness{Addr: ":8082"},
		Grants:  Grants{Days: GrantDays{Open: 731, Restricted: 731, Closed: 366}, Unused: Unused{Warn: 90, Grace: 30}},
		Limits: Limits{
			Header: 32 << 10, Body: 10 << 20,
			HeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
			Grace: 30 * time.Second, MinRate: 1 << 10,
			Connections: 20_000, Origin: 256, Calls: 4096,
			Kept: 64 << 20,
		},
		Drain:   Drain{Delay: 500 * time.Millisecond, Timeout: 30 * time.Second},
		Session: Session{Idle: 30 * time.Minute, Absolute: 12 * time.Hour},
		Log:     Log{Level: "info", Format: "text"},
		Metrics: Metrics{Allow: []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"}},

		Telemetry: Telemetry{Ratio: 0.01},

		Feasibility: Feasibility{Valid: 30 * 24 * time.Hour, PrivateHTTP: true},
		Traffic:     Traffic{Zone: "Asia/Jakarta"},
	}
}

// Load reads the file, if one is named, and the environment on top of the
// defaults. The caller applies flags and then calls Validate.
func Load(file string, environ map[string]string) (Config, error) {
	c := Default()
	if file != "" {
		if err := c.readFile(file); err != nil {
			return c, err
		}
	}
	if err := env.ParseWithOptions(&c, env.Options{Prefix: "SIMPUL_", Environment: environ}); err != nil {
		return c, fmt.Errorf("environment: %w", err)
	}
	return c, nil
}

func (c *Config) readFile(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("configuration %s: %w", file, err)
	}
	return nil
}

// Validate checks the settings and completes the ones that follow from others.
func (c *Config) Validate() error {
	if err := c.validateRoles(); err != nil {
		return err
	}
	for _, l := range []struct{ key, addr string }{{"gateway.addr", c.Gateway.Addr}, {"control.addr", c.Control.Addr}} {
		if _, _, err := net.SplitHostPort(l.addr); err != nil {
			return invalid(l.key, l.addr, "host:port, e.g. :8080")
		}
	}
	for _, l := range []struct {
		key string
		tls TLS
	}{{"gateway.tls", c.Gateway.TLS}, {"control.tls", c.Control.TLS}} {
		if (l.tls.Cert == "") != (l.tls.Key == "") {
			return invalid(l.key, l.tls.Cert+l.tls.Key, "cert and key together, or neither")
		}
	}
	if err := c.validateFront(); err != nil {
		return err
	}
	if err := c.validateWitness(); err != nil {
		return err
	}
	if c.Limits.Header < 1024 || c.Limits.Body < 1 || c.Limits.MinRate < 1 || c.Limits.Connections < 1 || c.Limits.Origin < 1 || c.Limits.Calls < 1 ||
		c.Limits.HeaderTimeout <= 0 || c.Limits.IdleTimeout <= 0 || c.Limits.Grace <= 0 || c.Limits.Kept < 0 {
		return invalid("limits", "", "> 0; limits.header ≥ 1024")
	}
	if c.Session.Idle < time.Minute || c.Session.Absolute < c.Session.Idle {
		return invalid("session", "", "session.idle ≥ 1m; session.absolute ≥ session.idle")
	}
	if c.Feasibility.Valid < time.Hour {
		return invalid("feasibility.valid", c.Feasibility.Valid.String(), "≥ 1h")
	}
	if g := c.Grants; min(g.Days.Open, g.Days.Restricted, g.Days.Closed, g.Unused.Warn, g.Unused.Grace) < 0 {
		return invalid("grants", "", "≥ 0")
	}
	for _, p := range c.Proxies {
		if !isPrefix(p) {
			return invalid("proxies", p, "10.0.0.0/8, 192.0.2.1")
		}
	}
	for _, p := range c.ProxyCertificates {
		if !isPrefix(p) {
			return invalid("proxyCertificates", p, "10.0.0.0/8, 192.0.2.1")
		}
	}
	for _, p := range c.Metrics.Allow {
		if !isPrefix(p) {
			return invalid("metrics.allow", p, "10.0.0.0/8, 192.0.2.1")
		}
	}
	if t := c.Metrics.Token.Reveal(); t != "" && len(t) < 16 {
		return invalid("metrics.token", "", "≥ 16")
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	c.Data = data
	if c.Vault.File == "" {
		c.Vault.File = filepath.Join(data, "vault.json")
	}
	if c.Database.URL == "" {
		c.Database.URL = "sqlite://" + filepath.Join(data, "simpul.db")
	}
	return nil
}

func isPrefix(text string) bool {
	_, addrErr := netip.ParseAddr(text)
	_, prefixErr := netip.ParsePrefix(text)
	return addrErr == nil || prefixErr == nil
}

const allRoles = "gateway, control, worker, witness"

func (c *Config) validateRoles() error {
	if len(c.Roles) == 0 {
		return invalid("roles", "", allRoles)
	}
	for _, r := range c.Roles {
		if r != Gateway && r != Control && r != Worker && r != WitnessRole {
			return invalid("roles", string(r), allRoles)
		}
	}
	return nil
}

// Has reports whether this process does the role's work.
func (c *Config) Has(r Role) bool { return slices.Contains(c.Roles, r) }

func invalid(key, value, want string) error {
	return simpul.Invalid(key,
		simpul.Text{ID: fmt.Sprintf("Pengaturan %s tidak sah: %q.", key, value), EN: fmt.Sprintf("Setting %s is not valid: %q.", key, value)},
		simpul.Text{ID: "Nilai yang diterima: " + want + ".", EN: "Accepted: " + want + "."})
}
