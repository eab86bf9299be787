package config

import (
	"net"
	"path/filepath"
	"slices"
	"strings"
)

// Witness says how this process cosigns the logs of others, in the role witness.
type Witness struct {
	Addr string       `yaml:"addr" env:"ADDR"`
	URL  string       `yaml:"url" env:"URL"` // as logs see it; empty: derived from addr
	TLS  TLS          `yaml:"tls" envPrefix:"TLS_"`
	Name string       `yaml:"name" env:"NAME"` // of its key; a domain name
	Key  string       `yaml:"key" env:"KEY"`   // file; empty: witness/key in the data folder
	Logs []WitnessLog `yaml:"logs" env:"LOGS"` // that it follows
}

// WitnessLog is a log that a witness follows. In the environment, and as a single
// word in YAML, it is its key.
type WitnessLog struct {
	Origin string `yaml:"origin"` // empty: the name of the key
	VKey   string `yaml:"vkey"`   // C2SP signed-note verifier key
}

// UnmarshalText reads the short form.
func (l *WitnessLog) UnmarshalText(text []byte) error {
	*l = WitnessLog{VKey: string(text)}
	return nil
}

// Cosigner is a witness that the hub asks. In the environment it is its name, its
// URL and its key, with spaces between them, and the word own behind where the
// hub's operator runs it.
type Cosigner struct {
	Name string `yaml:"name"` // the institution
	URL  string `yaml:"url"`  // submission prefix
	VKey string `yaml:"vkey"` // C2SP signed-note verifier key of cosignature/v1
	Own  bool   `yaml:"own"`  // the hub's operator runs it: no independent witness
}

// UnmarshalText reads the short form; what is missing is found when it is used.
func (c *Cosigner) UnmarshalText(text []byte) error {
	f := strings.Fields(string(text))
	if len(f) > 3 && !(len(f) == 4 && f[3] == "own") || len(f) < 3 {
		return invalid("witnesses", string(text), "NAME URL VKEY [own]")
	}
	*c = Cosigner{f[0], f[1], f[2], len(f) == 4}
	return nil
}

// WitnessDir is where a witness remembers what it saw.
func (c *Config) WitnessDir() string { return filepath.Join(c.Data, "witness") }

// OnlyWitness reports whether this process is a witness and nothing else, which
// needs no database.
func (c *Config) OnlyWitness() bool {
	return len(c.Roles) > 0 && !slices.ContainsFunc(c.Roles, func(r Role) bool { return r != WitnessRole })
}

func (c *Config) validateWitness() error {
	if _, _, err := net.SplitHostPort(c.Witness.Addr); err != nil {
		return invalid("witness.addr", c.Witness.Addr, "host:port, e.g. :8082")
	}
	if (c.Witness.TLS.Cert == "") != (c.Witness.TLS.Key == "") {
		return invalid("witness.tls", c.Witness.TLS.Cert+c.Witness.TLS.Key, "cert and key together, or neither")
	}
	for _, l := range c.Witness.Logs {
		if l.VKey == "" {
			return invalid("witness.logs", l.Origin, "vkey of each log, as its /.well-known/simpul-keys says")
		}
	}
	seen := map[string]bool{}
	for _, w := range c.Witnesses {
		if seen[w.VKey] {
			return invalid("witnesses", w.Name, "each witness once")
		}
		seen[w.VKey] = true
	}
	return nil
}
