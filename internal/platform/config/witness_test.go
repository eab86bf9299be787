package config_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
)

func TestWitnesses(t *testing.T) {
	file := write(t, `roles: [witness]
witness:
  name: saksi.bpk.go.id
  key: /etc/saksi.key
  logs:
    - vkey: hub.go.id/evidence/j-1+00000000+AQ==
    - origin: lain
      vkey: lain.go.id+00000000+AQ==
    - singkat.go.id+00000000+AQ==
witnesses:
  - name: Badan Pemeriksa Keuangan
    url: https://saksi.bpk.go.id
    vkey: a+b+c
  - {name: Peragaan, url: "http://localhost:8082", vkey: d+e+f, own: true}
`)
	c, err := config.Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil || !c.OnlyWitness() || c.WitnessDir() != filepath.Join(c.Data, "witness") {
		t.Errorf("%v: %+v", err, c)
	}
	logs := []config.WitnessLog{{VKey: "hub.go.id/evidence/j-1+00000000+AQ=="}, {Origin: "lain", VKey: "lain.go.id+00000000+AQ=="}, {VKey: "singkat.go.id+00000000+AQ=="}}
	if !slices.Equal(c.Witness.Logs, logs) {
		t.Errorf("%+v", c.Witness.Logs)
	}
	asked := []config.Cosigner{{"Badan Pemeriksa Keuangan", "https://saksi.bpk.go.id", "a+b+c", false}, {"Peragaan", "http://localhost:8082", "d+e+f", true}}
	if !slices.Equal(c.Witnesses, asked) {
		t.Errorf("%+v", c.Witnesses)
	}

	c, err = config.Load("", map[string]string{"SIMPUL_WITNESS_LOGS": "a+b+c,d+e+f", "SIMPUL_WITNESSES": "BPK https://saksi.bpk.go.id a+b+c,BSSN http://s d+e+f own"})
	if err != nil || len(c.Witness.Logs) != 2 || c.Witness.Logs[1].VKey != "d+e+f" || len(c.Witnesses) != 2 || !c.Witnesses[1].Own || c.OnlyWitness() {
		t.Errorf("%v: %+v, %+v", err, c.Witness.Logs, c.Witnesses)
	}
	if _, err := config.Load("", map[string]string{"SIMPUL_WITNESSES": "BPK"}); err == nil {
		t.Error("half a witness passes")
	}
	if _, err := config.Load(write(t, "witness:\n  logs:\n    - {vkey: a, size: 3}\n"), nil); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("an unknown key: %v", err)
	}
}

func TestWitnessesAreChecked(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"address":           func(c *config.Config) { c.Witness.Addr = "8082" },
		"half of TLS":       func(c *config.Config) { c.Witness.TLS.Key = "a.pem" },
		"a log without key": func(c *config.Config) { c.Witness.Logs = []config.WitnessLog{{Origin: "a"}} },
		"one twice":         func(c *config.Config) { c.Witnesses = []config.Cosigner{{Name: "a"}, {Name: "b"}} },
	} {
		c := config.Default()
		change(&c)
		if err := c.Validate(); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
